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

    public string Output => _output.Text;

    public string Error => _error.Text;

    public string StateFolder => Path.Combine(_folder.Path, "state");

    public bool IsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool Colors { get; init; }

    /// <summary>CHAT_API_KEY.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Somebody types; null: nobody does.</summary>
    public Keyboard? Keyboard { get; init; }

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

    public void Dispose() => _folder.Dispose();

    private ChatCommand Command(Uri? server, string? input) => new(new ConsoleEnvironment
    {
        Terminal = new Terminal
        {
            Out = _output,
            Error = _error,
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = ErrorIsTerminal,
            Colors = Colors,
        },
        Keyboard = Keyboard,
        Interrupts = Interrupts,
        Input = input is null ? null : new StringReader(input),
        Server = server?.ToString(),
        ApiKey = ApiKey,
        StateFolder = StateFolder,
        Time = Time,
    });
}
