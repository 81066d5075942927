using System.Diagnostics;
using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

/// <summary>The program as a process in a script: what only real pipes, files and signals show.</summary>
public sealed class ProcessTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    // What runs in the background of a script ignores the signal, and so would its children.
    private const string Interruptible =
        """
        import os, signal, sys
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
        """;

    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Pipe_ThatNobodyReads_EndsTheTurnAndTheProgram()
    {
        var (exitCode, output, _) = await RunAsync(
            "bash", "-c", "dotnet \"$@\" | head -c 20; exit ${PIPESTATUS[0]}", "bash",
            ChatProcess.Program, "--server", $"{service.Address}", "--model", "demo", "/demo tokens=100000 rate=50");

        Assert.Equal((ExitCodes.BrokenPipe, 20), (exitCode, output.Length));
    }

    [Fact]
    public async Task Export_ToAFileAndIntoAPipeThatNobodyReads_IsTheFileAndEndsQuietly()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = await RunAsync(
            "bash", "-c",
            $$"""
            export CHAT_SERVER={{service.Address}}
            cd {{folder.Path}}
            dotnet "$0" --session piped --model demo '/demo tokens=40000 rate=max' > /dev/null || exit
            dotnet "$0" export piped > a.json || exit
            dotnet "$0" export piped -o b.json || exit
            cmp a.json b.json || exit
            dotnet "$0" import --session copied - < a.json || exit
            dotnet "$0" export piped | head -c 20
            exit ${PIPESTATUS[0]}
            """,
            ChatProcess.Program);

        Assert.Equal((ExitCodes.BrokenPipe, ""), (exitCode, error));
        Assert.Matches(@"^  copied  .* \(2 messages\)\n.{20}$", output);
    }

    [Theory]
    [InlineData("dotnet \"$0\" hi < /", ExitCodes.Usage, "Standard input cannot be read: Is a directory")]
    [InlineData("yes 2> /dev/null | dotnet \"$0\" hi", ExitCodes.Usage, "Standard input is too long")]
    [InlineData("dotnet \"$0\" --file /dev/zero hi", ExitCodes.Usage, "/dev/zero is too large")]
    [InlineData("dotnet \"$0\" --model demo hi > /dev/full", ExitCodes.Unwritable, "The output cannot be written: No")]
    public async Task Files_ThatFail_AreToldInALine(string script, int expected, string says)
    {
        var (exitCode, output, error) = await RunAsync(
            "bash", "-c", $"export CHAT_SERVER={service.Address}; {script}", ChatProcess.Program);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.StartsWith(says, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_ThatNobodyReads_EndsWithoutAWord()
    {
        var running = RunAsync(
            "python3", "-c",
            """
            import os, subprocess, sys
            reader, writer = os.pipe()
            os.close(reader)
            sys.exit(subprocess.run(sys.argv[1:], stdout=writer).returncode)
            """,
            "dotnet", ChatProcess.Program, "models", "--server", $"{service.Address}");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");
        var (exitCode, _, error) = await running;

        Assert.Equal((ExitCodes.BrokenPipe, ""), (exitCode, error));
    }

    [Fact]
    public async Task Interrupt_OfAQuestion_ReadsTheTurnToItsEnd()
    {
        using var process = Start(
            "python3", "-c", Interruptible, "dotnet", ChatProcess.Program, "--json",
            "--server", $"{service.Address}", "--model", "demo",
            "/demo tokens=100000 rate=50");
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTime();

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTime();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();

        Assert.Contains("sessionInfo", first, StringComparison.Ordinal);
        Assert.Contains("STREAM_STATE_CANCELLED", rest.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Who runs the tests keeps their own last session.
        start.Environment["XDG_DATA_HOME"] = _state.Path;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTime();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
            return (process.ExitCode, output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
