namespace ChatGrpc.Model;

/// <summary>The service cannot start. The message is one line that names the setting and the fix.</summary>
internal sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
