using System.Diagnostics;
using System.Text.Json;
using ChatGrpc.TestKit;

namespace Interop.Tests.Python;

/// <summary>One call by chat_client.py, a process of its own that prints a line of JSON for each message.</summary>
internal sealed class PythonCall : IAsyncDisposable
{
    private readonly Process _python;
    private readonly Task<string> _complaints;

    private PythonCall(Process python)
    {
        _python = python;
        _complaints = python.StandardError.ReadToEndAsync();
    }

    /// <summary>What has been received.</summary>
    public List<JsonElement> Messages { get; } = [];

    /// <summary>The call's status, once it is over.</summary>
    public JsonElement Status { get; private set; }

    public string? Code => Status.GetProperty("code").GetString();

    /// <param name="deadline">In seconds.</param>
    public static PythonCall Start(
        PythonStubs stubs, Uri service, string method, object request, string? deadline = null)
    {
        string[] arguments = [method, service.Authority, JsonSerializer.Serialize(request)];
        var start = stubs.Run("chat_client.py", deadline is null ? arguments : [.. arguments, deadline]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new PythonCall(Process.Start(start)!);
    }

    /// <summary>The next message, as soon as the client has printed it; null at the end.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        if (await _python.StandardOutput.ReadLineAsync().InTime() is not { } line)
        {
            throw new InvalidOperationException($"The client ended without a status:\n{await _complaints.InTime()}");
        }

        var printed = JsonDocument.Parse(line).RootElement;
        if (printed.TryGetProperty("message", out var message))
        {
            Messages.Add(message);
            return message;
        }

        Status = printed.GetProperty("status");
        return null;
    }

    /// <summary>Reads the rest, which has to end in time as a whole: a stream that never ends fails.</summary>
    public Task ToEndAsync() => ReadRestAsync().InTime();

    public async ValueTask DisposeAsync()
    {
        if (!_python.HasExited)
        {
            _python.Kill();
            await _python.WaitForExitAsync().InTime();
        }

        _python.Dispose();
    }

    private async Task ReadRestAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }
}
