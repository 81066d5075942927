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

    public string StateFile => Path.Combine(_folder.Path, "state", "last-sessions.json");

    public bool IsTerminal { get; init; }

    public bool Colors { get; init; }

    /// <summary>Somebody types; null: nobody does.</summary>
    public Keyboard? Keyboard { get; init; }

    public Interrupts Interrupts { get; } = new();

    /// <summary>Ends when standard error has that text in it.</summary>
    public Task ErrorHasAsync(string text) => _error.HasAsync(text).InTime();

    /// <summary>Ends when the answer so far has that text in it.</summary>
    public Task OutputHasAsync(string text) => _output.HasAsync(text).InTime();

    public Task<int> RunAsync(Uri? server, params string[] arguments) =>
        RunAsync(server, input: null, CancellationToken.None, arguments);

    public async Task<int> RunAsync(
        Uri? server, string? input, CancellationToken interrupted, params string[] arguments)
    {
        var environment = new ConsoleEnvironment
        {
            Terminal = new Terminal { Out = _output, Error = _error, OutIsTerminal = IsTerminal, Colors = Colors },
            Keyboard = Keyboard,
            Interrupts = Interrupts,
            Input = input is null ? null : new StringReader(input),
            Server = server?.ToString(),
            StateFile = StateFile,
        };
        return await new ChatCommand(environment).Root.Parse(arguments)
            .InvokeAsync(new() { EnableDefaultExceptionHandler = false }, interrupted).InTime();
    }

    public void Dispose() => _folder.Dispose();
}
