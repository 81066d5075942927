using ChatGrpc.Security;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

internal static class CallerExtensions
{
    /// <summary>Who makes the call.</summary>
    /// <exception cref="InvalidOperationException">It is mapped outside the group that needs a key.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>()
        ?? throw new InvalidOperationException($"{context.Method} is open to callers whom nobody has looked at.");
}
