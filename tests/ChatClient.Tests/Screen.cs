using System.Diagnostics;
using System.Text;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

/// <summary>
/// The program at a real terminal that a test types at. Python's pty stands between: it makes a terminal, and passes on
/// what is typed and what is shown.
/// </summary>
internal sealed class Screen : IAsyncDisposable
{
    public const string ControlC = "\x03";
    public const string ControlD = "\x04";

    // A shell without job control has what it runs in the background ignore Ctrl+C, and children inherit that. What a
    // signal ended has 128 and its number, as shells have it.
    private const string Bridge =
        """
        import os, pty, signal, sys
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        code = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:]))
        sys.exit(code if code >= 0 else 128 - code)
        """;

    private readonly TemporaryFolder _state = new();
    private readonly WatchedWriter _shown = new();
    private readonly Process _process;
    private readonly Task _reading;

    private Screen(ProcessStartInfo start)
    {
        start.Environment["XDG_DATA_HOME"] = _state.Path;
        _process = Process.Start(start)!;
        _process.StandardInput.AutoFlush = true;
        _reading = ReadAsync();
    }

    /// <summary>All that was shown, echoes included.</summary>
    public string Text => _shown.Text;

    /// <param name="variables">Of the program's environment, NAME=value.</param>
    public static Screen Start(Uri server, string[] variables, params string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(
            "python3",
            ["-c", Bridge, "env", .. variables, "dotnet", ChatProcess.Program, "--server", $"{server}", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };

        return new Screen(start);
    }

    public void Type(string text) => _process.StandardInput.Write(text);

    /// <summary>Ends when that is shown, after what was waited for before.</summary>
    public Task ShowsAsync(string text) => _shown.GoesOnWithAsync(text).InTime();

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
        await _reading.InTime();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _reading.InTime();
        TestContext.Current.TestOutputHelper?.WriteLine(Text);
        _process.Dispose();
        _state.Dispose();
    }

    private async Task ReadAsync()
    {
        var some = new char[1_024];
        while (await _process.StandardOutput.ReadAsync(some) is > 0 and var length)
        {
            _shown.Write(new string(some, 0, length));
        }
    }
}
