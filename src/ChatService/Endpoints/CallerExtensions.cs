using ChatGrpc.Security;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

internal static class CallerExtensions
{
    /// <summary>Who makes the call.</summary>
    public static Caller Caller(this ServerCallContext context) => Security.Caller.Local;
}
