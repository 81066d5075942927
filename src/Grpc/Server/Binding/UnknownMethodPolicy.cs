using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Marks the endpoint that answers gRPC calls to unknown methods.</summary>
internal sealed class UnknownMethodMetadata
{
    public static readonly UnknownMethodMetadata Instance = new();
}

/// <summary>
/// Shows the catch-all for unknown methods to gRPC calls only. A route constraint would not do: routing takes the
/// catch-all for an endpoint of any verb, and so answers 404 where the application's own routes ask for 405.
/// </summary>
internal sealed class UnknownMethodPolicy : MatcherPolicy, INodeBuilderPolicy
{
    // Before the policy that chooses by verb, whose order is -1000.
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsUnknownMethod);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
    [
        new(true, endpoints),
        new(false, [.. endpoints.Where(endpoint => !IsUnknownMethod(endpoint))]),
    ];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        var grpc = exitDestination;
        var other = exitDestination;
        foreach (var edge in edges)
        {
            if (edge.State is true)
            {
                grpc = edge.Destination;
            }
            else
            {
                other = edge.Destination;
            }
        }

        return new JumpTable(grpc, other);
    }

    private static bool IsUnknownMethod(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<UnknownMethodMetadata>() is not null;

    private sealed class JumpTable(int grpc, int other) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) =>
            HttpMethods.IsPost(httpContext.Request.Method)
            && httpContext.Request.ContentType is { } contentType
            && contentType.StartsWith(GrpcHeaders.ContentType, StringComparison.OrdinalIgnoreCase)
                ? grpc
                : other;
    }
}
