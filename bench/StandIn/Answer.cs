using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ChatGrpc.Bench.StandIn;

/// <summary>One streamed answer. Each token's text holds its number and the clock's time when it was sent.</summary>
internal sealed class Answer(Socket socket, Order order)
{
    // Each write is one HTTP chunk; its length is filled in afterwards.
    private const int LengthDigits = 4;
    private const int MostTokensAtOnce = 32;

    private readonly byte[] _buffer = new byte[order.IntervalTicks == 0 ? 16 * 1024 : 2 * 1024];
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _next;

    /// <summary>When the next token is due, on the monotonic clock.</summary>
    public long Due { get; private set; } = Stopwatch.GetTimestamp();

    public Task Sent => _sent.Task;

    private static ReadOnlySpan<byte> Head =>
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8;

    private static ReadOnlySpan<byte> BeforeText =>
        ("data: {\"id\":\"chatcmpl-BxT3kQm7vYh2cZ0dRw9sLpN1\",\"object\":\"chat.completion.chunk\","u8
        + "\"created\":1763712000,\"model\":\"stand-in\",\"system_fingerprint\":\"fp_44709d6fcb\","u8
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""u8);

    private static ReadOnlySpan<byte> AfterText => "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8;

    private static ReadOnlySpan<byte> End =>
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"u8;

    /// <summary>Sends all tokens, many at once.</summary>
    public async Task SendAllAsync()
    {
        while (_next < order.Tokens)
        {
            await SendAsync(Math.Min(MostTokensAtOnce, order.Tokens - _next));
        }
    }

    /// <summary>Sends the next token; false: it was the last.</summary>
    public bool SendNext()
    {
        Due += order.IntervalTicks;
        var sending = SendAsync(1);
        if (!sending.IsCompletedSuccessfully)
        {
            // A client that does not read is of no use here.
            _sent.TrySetException(new SocketException((int)SocketError.NoBufferSpaceAvailable));
            return false;
        }

        if (_next == order.Tokens)
        {
            _sent.TrySetResult();
        }

        return _next < order.Tokens;
    }

    private ValueTask<int> SendAsync(int tokens)
    {
        _count = 0;
        if (_next == 0)
        {
            Append(Head);
        }

        var chunk = _count;
        _count += LengthDigits + 2;
        for (var i = 0; i < tokens; i++)
        {
            Append(BeforeText);
            Append(" "u8);
            Append(_next++);
            Append("@"u8);
            Append(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000));
            Append(AfterText);
        }

        if (_next == order.Tokens)
        {
            Append(End);
        }

        Encoding.ASCII.GetBytes($"{_count - chunk - LengthDigits - 2:x4}\r\n", _buffer.AsSpan(chunk));
        Append(_next == order.Tokens ? "\r\n0\r\n\r\n"u8 : "\r\n"u8);
        return socket.SendAsync(_buffer.AsMemory(0, _count));
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    private void Append(long number)
    {
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_count), out var written);
        _count += written;
    }
}
