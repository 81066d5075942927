using System.CommandLine;
using ChatGrpc.Client;
using ChatGrpc.Client.Rendering;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

/// <summary>The program in this process, with outputs that a test can read while it runs.</summary>
internal sealed class ChatProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WatchedWriter _output = new();
    private readonly WatchedWriter _error = new();
    private readonly MemoryStream _bytes = new();

    public string Output => _output.Text;

    /// <summary>What went to the output as bytes.</summary>
    public byte[] OutputBytes => _bytes.ToArray();

    public string Error => _error.Text;

    public string StateFolder => Path.Combine(_folder.Path, "state");

    public bool IsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool Colors { get; init; }

    /// <summary>CHAT_API_KEY.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Somebody types; null: nobody does.</summary>
    public Keyboard? Keyboard { get; init; }

    /// <summary>Standard input, for whoever reads bytes.</summary>
    public Stream InputBytes { get; init; } = Stream.Null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Interrupts Interrupts { get; } = new();

    /// <summary>Ends when standard error has that text in it.</summary>
    public Task ErrorHasAsync(string text) => _error.HasAsync(text).InTime();

    /// <summary>Ends when the answer so far has that text in it.</summary>
    public Task OutputHasAsync(string text) => _output.HasAsync(text).InTime();

    public Task<int> RunAsync(Uri? server, params string[] arguments) =>
        RunAsync(server, input: null, CancellationToken.None, arguments);

    public ParseResult Parse(params string[] arguments) => Command(server: null, input: null).Parse(arguments);

    public async Task<int> RunAsync(
        Uri? server, string? input, CancellationToken interrupted, params string[] arguments)
    {
        var parsed = Command(server, input).Parse(arguments);
        return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false }, interrupted).InTime();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _bytes.Dispose();
    }

    private ChatCommand Command(Uri? server, string? input) => new(new ConsoleEnvironment
    {
        Terminal = new Terminal
        {
            Out = _output,
            OutBytes = _bytes,
            Error = _error,
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = ErrorIsTerminal,
            Colors = Colors,
        },
        Keyboard = Keyboard,
        InputBytes = InputBytes,
        Interrupts = Interrupts,
        Input = input is null ? null : new StringReader(input),
        Server = server?.ToString(),
        ApiKey = ApiKey,
        StateFolder = StateFolder,
        Time = Time,
    });
}
