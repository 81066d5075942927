using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ChatGrpc.TestKit.Providers;

/// <summary>One request and its answer. Nothing is answered until the test says so.</summary>
internal sealed class ProviderExchange
{
    private readonly HttpContext _context;
    private readonly IAnswerScript _script;
    private readonly Socket _socket;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProviderExchange(HttpContext context, byte[] body, IAnswerScript script)
    {
        _context = context;
        _script = script;
        _socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        Method = context.Request.Method;
        Path = context.Request.Path;
        Query = context.Request.Query.ToDictionary(StringComparer.Ordinal);
        Headers = context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        ConnectionId = context.Connection.Id;
        RawBody = body;
        _ = context.RequestAborted.Register(() => _aborted.TrySetResult());
    }

    public string Method { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, StringValues> Query { get; }

    public IReadOnlyDictionary<string, StringValues> Headers { get; }

    public byte[] RawBody { get; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Body => JsonSerializer.Deserialize<JsonElement>(RawBody);

    /// <summary>It asks for the answer as it comes, and not in one piece.</summary>
    public bool WantsStream => Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    /// <summary>The same for two requests: the connection was used again.</summary>
    public string ConnectionId { get; }

    /// <summary>Ends when the connection is gone before the answer's end.</summary>
    public Task Aborted => _aborted.Task;

    public static async Task<ProviderExchange> ReadAsync(HttpContext context, IAnswerScript script)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return new(context, body.ToArray(), script);
    }

    /// <summary>Sends the headers of a stream and what its wire has before the first delta.</summary>
    public async Task StartStreamAsync()
    {
        await StartResponseAsync(StatusCodes.Status200OK, _script.ContentType);
        if (_script.Start() is { Length: > 0 } start)
        {
            await WriteAsync(start);
        }
    }

    /// <summary>Sends these headers now.</summary>
    public Task StartResponseAsync(int status, string contentType, params (string Name, string Value)[] headers)
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            _context.Response.Headers[name] = value;
        }

        return _context.Response.Body.FlushAsync().InTime();
    }

    /// <summary>Sends these bytes now, as they are. Nothing happens if the connection is gone.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _context.Response.Body.WriteAsync(bytes).InTime();
            await _context.Response.Body.FlushAsync().InTime();
        }
        catch (Exception) when (Aborted.IsCompleted)
        {
            // It went in the middle of the write: the test sees that by Aborted.
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends one event of that JSON now.</summary>
    public Task WriteEventAsync(string json) => WriteAsync(_script.Event(json));

    /// <summary>Sends one delta of the answer now.</summary>
    public Task WriteTextAsync(string delta) => WriteAsync(_script.Text(delta));

    /// <summary>Sends one delta of what the model thinks now.</summary>
    public Task WriteReasoningAsync(string delta) => WriteAsync(_script.Reasoning(delta));

    /// <summary>Sends an error in the middle of the stream now.</summary>
    public Task WriteErrorAsync(string message) => WriteAsync(_script.Error(message));

    /// <summary>Sends a call now, in as many pieces as the wire can.</summary>
    public Task WriteCallAsync(ScriptedCall call) => WriteAsync(_script.Call(call));

    /// <summary>A whole answer that calls these tools, in the way that was asked for.</summary>
    public async Task CallAsync(params ScriptedCall[] calls)
    {
        if (!WantsStream)
        {
            await AnswerWholeAsync(new ScriptedAnswer("") { Calls = calls });
            return;
        }

        await StartStreamAsync();
        foreach (var call in calls)
        {
            await WriteCallAsync(call);
        }

        await FinishAsync();
    }

    /// <summary>An answer in one piece, whatever was asked for.</summary>
    public Task AnswerWholeAsync(ScriptedAnswer answer) =>
        RespondAsync(StatusCodes.Status200OK, _script.Whole(answer));

    /// <summary>
    /// A whole answer in the way that was asked for: a stream of the deltas with why it finished and the end marker, or
    /// all of it in one piece.
    /// </summary>
    public async Task AnswerAsync(params string[] deltas)
    {
        if (!WantsStream)
        {
            await AnswerWholeAsync(new ScriptedAnswer(string.Concat(deltas)));
            return;
        }

        await StartStreamAsync();
        foreach (var delta in deltas)
        {
            await WriteTextAsync(delta);
        }

        await FinishAsync();
    }

    /// <summary>Why it finished, the usage, the end marker and the end of the body.</summary>
    /// <param name="reason">The provider's own word; null: the one for an answer that is whole.</param>
    public async Task FinishAsync(string? reason = null)
    {
        await WriteAsync(_script.Finish(reason));
        End();
    }

    /// <summary>A whole answer of any kind.</summary>
    public async Task RespondAsync(
        int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        await StartResponseAsync(status, contentType, headers);
        await WriteAsync(body);
        End();
    }

    /// <summary>Ends the body in good order, wherever it is.</summary>
    public void End() => _ = _end.TrySetResult();

    /// <summary>
    /// Resets the connection, as a process does that is killed. What the other side has not read by then is lost to
    /// it: let it read first.
    /// </summary>
    public void Reset()
    {
        // Without lingering, closing a socket is a reset and not an orderly end.
        _socket.LingerState = new(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <summary>
    /// Closes the connection in the middle of the body, but in order. What was written is on its way to the socket
    /// still: let the other side read it first.
    /// </summary>
    public void CutOff() => _socket.Shutdown(SocketShutdown.Send);

    internal async Task EndedAsync()
    {
        // A connection that is gone needs no answer any more.
        _ = await Task.WhenAny(_end.Task, _aborted.Task);
    }
}
