using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatGrpc.TestKit;

namespace Interop.Tests.BufCurl;

/// <summary>One run of <c>buf curl</c>, or of a command line that has it.</summary>
internal sealed class BufProcess : IAsyncDisposable
{
    // It starts by way of Node, asks reflection, and then calls: seconds on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private BufProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
    }

    /// <summary>buf itself, in a folder without any proto.</summary>
    public static BufProcess Curl(params IEnumerable<string> arguments) => new(
        new ProcessStartInfo(Repository.At("node_modules/.bin/buf"), ["curl", .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(),
        });

    /// <summary>A command line as a reader types it at the root of the repository.</summary>
    public static BufProcess Shell(string command) =>
        new(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Repository.At("") });

    /// <summary>The next line, as soon as it is printed.</summary>
    public async Task<string?> NextLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Everything to the end: the messages, and what the standard error says of a failure.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> ToEndAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, output, await errors.WaitAsync(Patience));
    }

    /// <summary>JSON values printed one after the other, over as many lines as they like.</summary>
    public static IReadOnlyList<JsonNode> Values(string output)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        var values = new List<JsonNode>();
        while (reader.Read())
        {
            values.Add(JsonNode.Parse(ref reader)!);
        }

        return values;
    }

    /// <summary>Ends it as Ctrl+C and a closed terminal do at last, unless it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().InTime();
        }

        _process.Dispose();
    }
}
