using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The one place that turns what a handler threw into a status, and decides how loudly it is logged.</summary>
internal static class FailureMapper
{
    /// <summary>Maps and logs an exception out of a handler or the reading of its request.</summary>
    public static CallEnding Map(Exception exception, ServerCall call, CallServices services)
    {
        if (call.Lifetime.IsAbandoned && IsEchoOfTheEnd(exception))
        {
            // The call's end is known by its reason; only what the handler says of it itself goes beyond that.
            ServerLog.HandlerStopped(services.Log, call.Method, call.Lifetime.Reason, exception);
            return exception is RpcException said ? WithTrailers(call, said) : CallEnding.Cancelled;
        }

        // OK by exception is a mistake of the handler: the client would wait for a message it never gets.
        if (exception is RpcException { StatusCode: not StatusCode.OK } chosen)
        {
            ServerLog.HandlerFailedCall(services.Log, call.Method, chosen.StatusCode, chosen);
            return WithTrailers(call, chosen);
        }

        var id = ActivityTraceId.CreateRandom().ToHexString();
        ServerLog.HandlerThrew(services.Log, call.Method, id, exception);
        return WithTrailers(
            call, ProtocolError.Bug(id, services.Options.EnableDetailedErrors == true ? exception : null));
    }

    private static CallEnding WithTrailers(ServerCall call, RpcException exception) =>
        new(exception.Status, Join(call.ResponseTrailers, exception.Trailers));

    // What comes out of a handler that was told to stop; any other exception is still a bug to report.
    private static bool IsEchoOfTheEnd(Exception exception) =>
        exception is OperationCanceledException or IOException
        || exception is RpcException
        {
            StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Unavailable
        };

    private static Metadata Join(Metadata first, Metadata second)
    {
        if (second.Count == 0)
        {
            return first;
        }

        var joined = new Metadata();
        foreach (var entry in first.Concat(second))
        {
            joined.Add(entry);
        }

        return joined;
    }
}
