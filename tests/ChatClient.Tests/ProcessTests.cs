using System.Diagnostics;
using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

/// <summary>The program as a process: what only a real terminal, a real pipe and real signals show.</summary>
public sealed class ProcessTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "chat.dll");

    // Plays somebody at a terminal: what it waits for and what it types, in turn, and prints what was on the screen.
    private const string Typist =
        """
        import os, pty, select, sys, time
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp('dotnet', ['dotnet'] + sys.argv[1:])
        screen = b''
        seen = 0
        def wait_for(text):
            global screen, seen
            end = time.monotonic() + 20
            while screen.find(text, seen) < 0:
                if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                    sys.exit('not on the screen: %r of %r' % (text, screen))
                screen += os.read(terminal, 4096)
            seen = screen.find(text, seen) + len(text)
        wait_for(b'>>> ')
        os.write(terminal, b'//demo tokens=5000 rate=50\n')
        wait_for(b'alpha')
        os.write(terminal, b'\x03')
        wait_for(b'Stopped;')
        wait_for(b'>>> ')
        os.write(terminal, b'//demo tokens=2 rate=max\n')
        wait_for(b'bravo')
        wait_for(b'>>> ')
        os.write(terminal, b'\x04')
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    [Fact]
    public async Task Terminal_ControlCAndControlD_StopTheAnswerAndThenTheProgram()
    {
        var (exitCode, output) = await RunAsync(
            "python3", "-c", Typist, Program, "--server", $"{service.Address}", "--model", "demo");

        Assert.Equal((0, "0"), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task Pipe_ThatNobodyReads_EndsTheTurnAndTheProgram()
    {
        var (exitCode, output) = await RunAsync(
            "bash", "-c", "dotnet \"$@\" | head -c 20; exit ${PIPESTATUS[0]}", "bash",
            Program, "--server", $"{service.Address}", "--model", "demo", "/demo tokens=100000 rate=50");

        Assert.Equal((ExitCodes.BrokenPipe, 20), (exitCode, output.Length));
    }

    [Fact]
    public async Task Interrupt_OfAQuestion_ReadsTheTurnToItsEnd()
    {
        using var process = Start(
            "dotnet", Program, "--json", "--server", $"{service.Address}", "--model", "demo",
            "/demo tokens=100000 rate=50");
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTime();

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTime();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();

        Assert.Contains("sessionInfo", first, StringComparison.Ordinal);
        Assert.Contains("STREAM_STATE_CANCELLED", rest.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTime();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
            TestContext.Current.TestOutputHelper?.WriteLine(await error);
            return (process.ExitCode, output);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
