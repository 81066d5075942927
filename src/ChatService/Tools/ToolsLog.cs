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
}
