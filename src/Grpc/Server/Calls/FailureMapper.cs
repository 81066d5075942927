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
            ServerLog.HandlerStopped(services.Log, call.Method, call.Lifetime.Reason, exception);
            return call.Lifetime.Reason == EndReason.DeadlineExceeded
                ? CallEnding.DeadlineExceeded
                : CallEnding.Cancelled;
        }

        // OK by exception is a mistake of the handler: the client would wait for a message it never gets.
        if (exception is RpcException { StatusCode: not StatusCode.OK } chosen)
        {
            ServerLog.HandlerFailedCall(services.Log, call.Method, chosen.StatusCode, chosen);
            return new CallEnding(chosen.Status, Join(call.ResponseTrailers, chosen.Trailers));
        }

        var id = ActivityTraceId.CreateRandom().ToHexString();
        ServerLog.HandlerThrew(services.Log, call.Method, id, exception);
        var detail = services.Options.EnableDetailedErrors == true
            ? $"Internal error {id}: {Describe(exception)}"
            : $"Internal error {id}";
        return new CallEnding(new Status(StatusCode.Internal, detail), call.ResponseTrailers);
    }

    // What comes out of a handler that was told to stop; any other exception is still a bug to report.
    private static bool IsEchoOfTheEnd(Exception exception) =>
        exception is OperationCanceledException or IOException
        || exception is RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded };

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

    private static string Describe(Exception exception)
    {
        var texts = new List<string>();
        for (var current = exception; current is not null; current = current.InnerException)
        {
            texts.Add($"{current.GetType().Name}: {current.Message}");
        }

        return string.Join(" ", texts);
    }
}
