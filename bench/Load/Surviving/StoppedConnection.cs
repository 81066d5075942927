using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ChatGrpc.Bench.Load.EndToEnd;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>
/// A connection whose streams take some hundred bytes each and then nothing more, as a client's does whose user has put
/// it away: HTTP/2 holds each stream back alone. It notes when the server cuts them.
/// </summary>
internal sealed class StoppedConnection : IDisposable
{
    private const byte InitialWindowSize = 4;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Dictionary<int, long> _opened = [];
    private readonly Lock _gate = new();
    private readonly List<double> _cutAfterSeconds = [];
    private int _lastId = -1;

    /// <param name="windowBytes">What each stream takes.</param>
    public StoppedConnection(int port, int windowBytes)
    {
        _socket.NoDelay = true;
        _socket.Connect(IPAddress.Loopback, port);
        var window = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(window, windowBytes);
        _socket.Send([
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Http2Frames.Frame(Http2Frames.Settings, 0, 0, [0, InitialWindowSize, .. window])]);
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>Seconds from each stream's beginning to the reset that cut it.</summary>
    public IReadOnlyList<double> CutAfterSeconds
    {
        get
        {
            lock (_gate)
            {
                return [.. _cutAfterSeconds];
            }
        }
    }

    public void Open(byte[] headers, byte[] body)
    {
        lock (_gate)
        {
            _lastId += 2;
            _opened[_lastId] = Stopwatch.GetTimestamp();
            _socket.Send([
                .. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders, _lastId, headers),
                .. Http2Frames.Frame(Http2Frames.Data, Http2Frames.EndStream, _lastId, body)]);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        using var bytes = new NetworkStream(_socket);
        var header = new byte[Http2Frames.HeaderBytes];
        var payload = new byte[64 * 1024];
        try
        {
            while (true)
            {
                bytes.ReadExactly(header);
                var length = (header[0] << 16) | (header[1] << 8) | header[2];
                bytes.ReadExactly(payload, 0, length);
                Take(header, payload.AsSpan(0, length));
            }
        }
        catch (IOException)
        {
            // Disposed, or the server is gone.
        }
    }

    private void Take(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            switch (header[3])
            {
                case Http2Frames.ResetStream:
                    var opened = _opened[BinaryPrimitives.ReadInt32BigEndian(header[5..])];
                    _cutAfterSeconds.Add(Stopwatch.GetElapsedTime(opened).TotalSeconds);
                    break;
                case Http2Frames.Settings or Http2Frames.Ping when (header[4] & Http2Frames.Ack) == 0:
                    var answer = header[3] == Http2Frames.Ping ? payload : [];
                    _socket.Send(Http2Frames.Frame(header[3], Http2Frames.Ack, 0, answer));
                    break;
            }
        }
    }
}
