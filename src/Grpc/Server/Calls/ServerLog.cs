using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>All log messages of the server; the event ids stay as they are.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} threw; the client was told error id {ErrorId}.")]
    public static partial void HandlerThrew(ILogger logger, string method, string errorId, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "{Method} failed with {StatusCode}.")]
    public static partial void HandlerFailedCall(
        ILogger logger, string method, StatusCode statusCode, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "{Method} stopped because the call had ended: {Reason}.")]
    public static partial void HandlerStopped(ILogger logger, string method, EndReason reason, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "{Method} was refused with {StatusCode}: {Detail}")]
    public static partial void CallRefused(ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(5, LogLevel.Debug, "{Method} passed its deadline.")]
    public static partial void DeadlineExceeded(ILogger logger, string method);

    [LoggerMessage(6, LogLevel.Information, "{Method} was cut off: its client did not take what it was sent.")]
    public static partial void EndNotTaken(ILogger logger, string method);
}
