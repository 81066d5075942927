using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChatGrpc.TestKit;

namespace Interop.Tests.Cases;

/// <summary>A driver in a process of its own that takes questions and gives answers, each a line of JSON.</summary>
internal sealed class DriverProcess : IClientDriver
{
    // A connection's first call, a deadline of a second and a busy machine are all in it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Lock _writing = new();
    private int _lastId;

    public DriverProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => _complaints.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task<JsonNode> AskAsync(string question, JsonNode ask)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var line = new JsonObject { ["id"] = id, ["question"] = question, ["ask"] = ask.DeepClone() };
        try
        {
            lock (_writing)
            {
                _process.StandardInput.WriteLine(line.ToJsonString());
                _process.StandardInput.Flush();
            }

            return await answer.Task.WaitAsync(Patience);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException)
        {
            throw new InvalidOperationException(
                $"The driver did not answer; it says:\n{string.Join('\n', _complaints)}", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The end of its input is the end of its work.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().InTime();
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
        catch (IOException)
        {
            // It has ended before, and whoever asked it something knows.
        }
        finally
        {
            _process.Dispose();
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            foreach (var open in _asked.Values)
            {
                open.TrySetException(new IOException("The driver has ended."));
            }

            return;
        }

        var answer = JsonNode.Parse(line)!;
        var asked = _asked[(string)answer["id"]!];
        if (answer["facts"] is { } facts)
        {
            asked.TrySetResult(facts);
        }
        else
        {
            asked.TrySetException(new InvalidOperationException((string?)answer["error"]));
        }
    }
}
