namespace ChatGrpc.Tools;

/// <summary>What tools tell the operator. No arguments and no results: they are text of conversations.</summary>
internal static partial class ToolsLog
{
    [LoggerMessage(5001, LogLevel.Information, "Tools: {Tools}; offered to every message: {Offered}.")]
    public static partial void ToolsThere(ILogger logger, string tools, string offered);

    [LoggerMessage(5002, LogLevel.Warning, "The tool {Tool} failed by {Exception}; the log has it whole at Trace.")]
    public static partial void ToolFailed(ILogger logger, string tool, string exception);

    // Nobody knows what such a text holds.
    [LoggerMessage(5003, LogLevel.Trace, "The tool {Tool} failed.")]
    public static partial void ToolException(ILogger logger, string tool, Exception failure);

    [LoggerMessage(5004, LogLevel.Warning,
        "The tool {Tool} goes on {Seconds} s after it was told to stop; nobody waits for it any more.")]
    public static partial void ToolLeftBehind(ILogger logger, string tool, double seconds);

    [LoggerMessage(5005, LogLevel.Information, "The tool server {Server} runs.")]
    public static partial void ServerStarted(ILogger logger, string server);

    [LoggerMessage(5006, LogLevel.Warning, "The tool server {Server} does not start: {Exception}, {Message}")]
    public static partial void ServerNotStarted(ILogger logger, string server, string exception, string message);

    [LoggerMessage(5007, LogLevel.Warning,
        "The tool server {Server} went away; it is started again when it is wanted.")]
    public static partial void ServerGone(ILogger logger, string server);

    [LoggerMessage(5008, LogLevel.Debug, "The tool server {Server} says: {Line}")]
    public static partial void ServerSaid(ILogger logger, string server, string line);

    [LoggerMessage(5009, LogLevel.Warning,
        "The tool server {Server} has a tool {Tool} that is left out: it has no name, another one's, too large a "
        + "schema, or none that can be read.")]
    public static partial void ToolRefused(ILogger logger, string server, string tool);

    [LoggerMessage(5010, LogLevel.Warning, "A call of {Tool} at the tool server {Server} was lost by {Exception}.")]
    public static partial void CallLost(ILogger logger, string server, string tool, string exception);

    [LoggerMessage(5011, LogLevel.Warning,
        "The tool server {Server} does not say which tools it has: {Exception}.")]
    public static partial void ServerNotListed(ILogger logger, string server, string exception);
}
