using System.Text;

namespace ChatGrpc.Client;

/// <summary>What the program finds around it; a test brings its own.</summary>
internal sealed class ConsoleEnvironment
{
    public required Terminal Terminal { get; init; }

    /// <summary>Standard input where it is a file or a pipe; null: it is a keyboard.</summary>
    public TextReader? Input { get; init; }

    /// <summary>CHAT_SERVER.</summary>
    public string? Server { get; init; }

    public required string StateFile { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The real one. Text is UTF-8 whatever the locale says.</summary>
    public static ConsoleEnvironment Current()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new ConsoleEnvironment
        {
            Terminal = new Terminal
            {
                Out = new StreamWriter(Console.OpenStandardOutput(), utf8),
                Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
                OutIsTerminal = !Console.IsOutputRedirected,
                ErrorIsTerminal = !Console.IsErrorRedirected,
                Colors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            },
            Input = Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), utf8) : null,
            Server = Environment.GetEnvironmentVariable(ServerAddress.Variable) is { Length: > 0 } server
                ? server
                : null,
            StateFile = LastSession.DefaultFile,
        };
    }
}
