using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>
/// As much of an HTTP/2 client as the load needs, on one blocking thread: beside what is measured, on the same cores,
/// a general client would cost as much as what it measures.
/// </summary>
internal sealed class Http2Connection : IDisposable
{
    private const int WindowUpdateBytes = 8 * 1024 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<int, (TokenStream Stream, TokenDecoder Decoder)> _streams = new();
    private int _lastId = -1;
    private int _unacknowledgedBytes;

    public Http2Connection(int port)
    {
        _socket.NoDelay = true;
        _socket.Connect(IPAddress.Loopback, port);
        Send([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Http2Frames.Hello()]);
        new Thread(Read) { IsBackground = true }.Start();
    }

    public void Open(byte[] headers, byte[] body, TokenStream stream, TokenDecoder decoder)
    {
        lock (_writing)
        {
            _lastId += 2;
            _streams[_lastId] = (stream, decoder);
            _socket.Send([
                .. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders, _lastId, headers),
                .. Http2Frames.Frame(Http2Frames.Data, Http2Frames.EndStream, _lastId, body)]);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        var buffer = new byte[256 * 1024];
        var count = 0;
        try
        {
            while (_socket.Receive(buffer.AsSpan(count)) is var read and > 0)
            {
                count += read;
                var taken = TakeFrames(buffer.AsSpan(0, count));
                buffer.AsSpan(taken, count - taken).CopyTo(buffer);
                count -= taken;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Disposed, or the server is gone; whoever still waits hears it below.
        }

        foreach (var (stream, _) in _streams.Values)
        {
            stream.Fail("The connection broke.");
        }
    }

    private int TakeFrames(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes.Length - taken >= Http2Frames.HeaderBytes)
        {
            var header = bytes.Slice(taken, Http2Frames.HeaderBytes);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (bytes.Length - taken - Http2Frames.HeaderBytes < length)
            {
                break;
            }

            taken += Http2Frames.HeaderBytes;
            var id = BinaryPrimitives.ReadInt32BigEndian(header[5..]);
            TakeFrame(header[3], header[4], id, bytes.Slice(taken, length));
            taken += length;
        }

        return taken;
    }

    private void TakeFrame(byte type, byte flags, int id, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Http2Frames.Data:
                if (_streams.TryGetValue(id, out var receiver))
                {
                    receiver.Decoder.Feed(payload);
                }

                Acknowledge(payload.Length);
                EndIfFlagged(flags, id);
                break;
            case Http2Frames.Headers:
                EndIfFlagged(flags, id);
                break;
            case Http2Frames.Settings or Http2Frames.Ping when (flags & Http2Frames.Ack) == 0:
                Send(Http2Frames.Frame(type, Http2Frames.Ack, 0, type == Http2Frames.Ping ? payload : []));
                break;
            case Http2Frames.ResetStream when _streams.TryRemove(id, out var reset):
                reset.Stream.Fail("The server reset the stream.");
                break;
        }
    }

    private void EndIfFlagged(byte flags, int id)
    {
        if ((flags & Http2Frames.EndStream) != 0 && _streams.TryRemove(id, out var ended))
        {
            ended.Stream.End();
        }
    }

    private void Acknowledge(int bytes)
    {
        _unacknowledgedBytes += bytes;
        if (_unacknowledgedBytes >= WindowUpdateBytes)
        {
            Send(Http2Frames.GrowWindow(_unacknowledgedBytes));
            _unacknowledgedBytes = 0;
        }
    }

    private void Send(byte[] bytes)
    {
        lock (_writing)
        {
            _socket.Send(bytes);
        }
    }
}
