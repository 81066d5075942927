namespace ChatGrpc.Providers;

internal static partial class ModelsLog
{
    [LoggerMessage(2000, LogLevel.Information, "Model {Alias}: {Model}, {Origin}.")]
    public static partial void ModelOffered(ILogger logger, string alias, string model, string origin);

    [LoggerMessage(2004, LogLevel.Information, "Where {Alias} fails, these are asked in its place: {Fallbacks}.")]
    public static partial void ChainOffered(ILogger logger, string alias, string fallbacks);

    [LoggerMessage(2002, LogLevel.Warning,
        "The chat client {Name} failed by {Exception}; the log has it whole at Trace.")]
    public static partial void ChatClientFailed(ILogger logger, string name, string exception);

    // Nobody knows what such a text holds: a prompt, a piece of a key.
    [LoggerMessage(2003, LogLevel.Trace, "The chat client {Name} failed.")]
    public static partial void ChatClientException(ILogger logger, string name, Exception failure);

    [LoggerMessage(2001, LogLevel.Information, "The default model is {Alias}, because {Reason}. {Advice}")]
    public static partial void DefaultChosen(ILogger logger, string alias, string reason, string advice);
}
