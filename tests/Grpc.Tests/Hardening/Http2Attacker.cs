using System.Buffers.Binary;
using System.Net.Sockets;
using Grpc.Tests.Server.Kit;

namespace Grpc.Tests.Hardening;

/// <summary>A frame from the server.</summary>
internal sealed record ServerFrame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public bool EndsStream =>
        Type == Http2Frames.ResetStream
        || (Type is Http2Frames.Headers or Http2Frames.Data && (Flags & Http2Frames.EndStream) != 0);
}

/// <summary>A connection of HTTP/2 on which anything can be sent; what comes back is read all the time.</summary>
internal sealed class Http2Attacker : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private readonly List<ServerFrame> _received = [];
    private readonly List<(Func<ServerFrame, bool> Wanted, TaskCompletionSource<ServerFrame?> Found)> _waits = [];
    private bool _hasEnded;

    private Http2Attacker(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
        _reading = ReadAllAsync();
    }

    public static async Task<Http2Attacker> ConnectAsync(Uri server, params byte[] settings)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port).WithinLimit();
        var attacker = new Http2Attacker(tcp);
        settings = settings.Length > 0 ? settings : Http2Frames.Frame(Http2Frames.Settings, 0, 0, []);
        Assert.True(await attacker.TrySendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. settings]));
        return attacker;
    }

    /// <summary>False: the server has closed the connection.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask().WithinLimit();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The first frame of a kind, there already or still to come; null: the connection ended before.</summary>
    public Task<ServerFrame?> ReceiveAsync(Func<ServerFrame, bool> wanted)
    {
        var found = new TaskCompletionSource<ServerFrame?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var frame = _received.Find(one => wanted(one));
            if (frame is not null || _hasEnded)
            {
                found.SetResult(frame);
            }

            _waits.Add((wanted, found));
        }

        return found.Task.WithinLimit();
    }

    /// <summary>Whether a ping is answered, and so all before it was read; false: the connection ended.</summary>
    public async Task<bool> IsInSyncAsync()
    {
        byte[] cookie = [.. "in sync?"u8];
        var answer = ReceiveAsync(frame => frame.Type == Http2Frames.Ping && frame.Payload.SequenceEqual(cookie));
        return await TrySendAsync(Http2Frames.Frame(Http2Frames.Ping, 0, 0, cookie)) && await answer is not null;
    }

    public async ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        await _reading.WithinLimit();
    }

    private async Task ReadAllAsync()
    {
        try
        {
            var header = new byte[Http2Frames.HeaderBytes];
            while (true)
            {
                await _stream.ReadExactlyAsync(header);
                var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
                await _stream.ReadExactlyAsync(payload);
                Take(new ServerFrame(
                    header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            End();
        }
    }

    private void Take(ServerFrame frame)
    {
        lock (_lock)
        {
            // A flood of answers of no interest is counted by nobody.
            if (frame.Type != Http2Frames.Ping)
            {
                _received.Add(frame);
            }

            _waits.RemoveAll(wait => wait.Wanted(frame) && wait.Found.TrySetResult(frame));
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            _waits.ForEach(wait => wait.Found.TrySetResult(null));
        }
    }
}
