using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>Says what went wrong so that a person knows what to do next.</summary>
internal static class Failures
{
    /// <param name="answering">The stream had begun: the service knows of the message.</param>
    public static IEnumerable<string> Describe(RpcException failure, Uri server, bool answering)
    {
        var details = failure.GetRpcStatus();
        var reason = details?.GetDetail<ErrorInfo>()?.Reason;
        if (failure.StatusCode == Grpc.Core.StatusCode.Unavailable && reason is null)
        {
            yield return answering
                ? $"The connection to {Shown(server)} broke: the answer above is not whole. "
                    + "A service that still runs goes on with it and saves it."
                : $"No service at {Shown(server)} ({failure.Status.Detail}). Start one with: "
                    + "dotnet run --project src/ChatService, or name another with --server.";
            yield break;
        }

        yield return reason is null
            ? $"{failure.StatusCode}: {failure.Status.Detail}"
            : $"{failure.Status.Detail} ({reason})";
        foreach (var violation in details?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            yield return $"  {violation.Field}: {violation.Description}";
        }

        if (details?.GetDetail<RetryInfo>()?.RetryDelay is { } wait)
        {
            yield return $"Try again in {wait.ToTimeSpan().TotalSeconds:0.#} s.";
        }
    }

    private static string Shown(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
