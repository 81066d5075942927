using System.Text;
using ChatGrpc.Client.Rendering;
using Microsoft.Win32.SafeHandles;

namespace ChatGrpc.Client;

/// <summary>What the program finds around it; a test brings its own.</summary>
internal sealed class ConsoleEnvironment
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    public required Terminal Terminal { get; init; }

    /// <summary>Standard input where it is a file or a pipe; null: it is a keyboard.</summary>
    public TextReader? Input { get; init; }

    /// <summary>Standard input where bytes are wanted; whoever reads it leaves the texts alone.</summary>
    public Stream InputBytes { get; init; } = Stream.Null;

    /// <summary>Standard input where somebody types; null: it is a file or a pipe.</summary>
    public TextReader? Keyboard { get; init; }

    public Interrupts Interrupts { get; init; } = new();

    /// <summary>CHAT_SERVER.</summary>
    public string? Server { get; init; }

    /// <summary>CHAT_API_KEY.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where the program remembers what was used last.</summary>
    public required string StateFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The real one. Text is UTF-8 whatever the locale says.</summary>
    public static ConsoleEnvironment Current()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var bytes = OpenInput();
        var input = new StreamReader(bytes, utf8);
        var output = OpenOutput();
        return new ConsoleEnvironment
        {
            Terminal = new Terminal
            {
                Out = new StreamWriter(output, utf8),
                OutBytes = output,
                Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
                OutIsTerminal = !Console.IsOutputRedirected,
                ErrorIsTerminal = !Console.IsErrorRedirected,
                Colors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                    && Environment.GetEnvironmentVariable("TERM") != "dumb",
            },
            InputBytes = bytes,
            Input = Console.IsInputRedirected ? input : null,
            Keyboard = Console.IsInputRedirected ? null : input,
            Server = Environment.GetEnvironmentVariable(ServerAddress.Variable) is { Length: > 0 } server
                ? server
                : null,
            ApiKey = Environment.GetEnvironmentVariable(ServiceKey.Variable),
            StateFolder = LastUsed.DefaultFolder,
        };
    }

    // The console's own stream edits lines itself, and would send what Ctrl+C took back; the terminal knows better.
    private static Stream OpenInput() =>
        Console.IsInputRedirected || OperatingSystem.IsWindows()
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    // The console's own stream passes over that nobody reads a pipe any more; the answer would be generated for nobody.
    private static Stream OpenOutput()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var handle = new SafeFileHandle(StandardOutput, ownsHandle: false);
        var pipe = new FileStream(handle, FileAccess.Write, bufferSize: 0);

        // A file has a place to write at, which only the console's stream shares with other programs.
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
