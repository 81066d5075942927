using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ChatGrpc.Ports;

/// <summary>
/// Tells by a connection's first bytes whether its client begins with HTTP/2 (RFC 9113, 3.4). The bytes stay where they
/// are. TLS and HTTP/1.1 differ from the preface in their first bytes, so only HTTP/2 clients are waited for.
/// </summary>
internal static class Http2Preface
{
    // Whoever says nothing for so long is left to the HTTP/1.1 server, which has limits for such clients.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static async Task<bool> IsNextAsync(ConnectionContext connection, TimeProvider time)
    {
        var input = connection.Transport.Input;
        await using var timer = time.CreateTimer(
            static input => ((System.IO.Pipelines.PipeReader)input!).CancelPendingRead(),
            input, Patience, Timeout.InfiniteTimeSpan);
        long seen = 0;
        while (true)
        {
            var read = await input.ReadAsync(connection.ConnectionClosed);
            var verdict = Judge(read.Buffer);
            if (verdict is not null || read.IsCompleted || read.IsCanceled)
            {
                // What the last look had not seen is left unexamined, so that the server's first read returns at once.
                input.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(seen));
                return verdict == true;
            }

            seen = read.Buffer.Length;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Null: it may become either.</summary>
    internal static bool? Judge(in ReadOnlySequence<byte> start)
    {
        Span<byte> first = stackalloc byte[Bytes.Length];
        var length = (int)Math.Min(start.Length, Bytes.Length);
        start.Slice(0, length).CopyTo(first);
        return !Bytes.StartsWith(first[..length]) ? false
            : length == Bytes.Length ? true
            : null;
    }
}
