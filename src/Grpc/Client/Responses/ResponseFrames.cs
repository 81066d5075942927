using System.Buffers;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Responses;

/// <summary>
/// Cuts the response body into messages. One pooled array holds what has arrived; a message is parsed where it lies,
/// as soon as its last byte is there.
/// </summary>
internal sealed class ResponseFrames(Stream body, int? maxMessageBytes) : IDisposable
{
    // A token is some 60 bytes and a DATA frame rarely over 16 KiB: 4 KiB holds what one read usually brings.
    private const int InitialBufferBytes = 4096;

    private readonly FramePayload _payload = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferBytes);
    private int _start;
    private int _end;

    /// <summary>Whether part of a message is there.</summary>
    public bool HasPartialFrame => _end > _start;

    /// <summary>Parses the next message if all of it is there.</summary>
    /// <exception cref="RpcException">The bytes are no acceptable message.</exception>
    public bool TryRead<T>(Marshaller<T> marshaller, out T message)
    {
        if (!TryReadHeader(out var length) || _end - _start - FrameHeader.Size < length)
        {
            message = default!;
            return false;
        }

        var payload = new ReadOnlySequence<byte>(_buffer, _start + FrameHeader.Size, length);
        _start += FrameHeader.Size + length;
        try
        {
            message = _payload.Read(payload, marshaller);
            return true;
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(
                new Status(StatusCode.Internal, "A response message could not be deserialized.", e));
        }
    }

    /// <summary>Waits for more bytes; false at the end of the body.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var count = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private bool TryReadHeader(out int length)
    {
        length = 0;
        var buffered = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        if (!FrameHeader.TryRead(buffered, out var header))
        {
            return false;
        }

        if (header.Flags != FrameHeader.Uncompressed)
        {
            throw new RpcException(new Status(
                StatusCode.Internal,
                header.Flags == FrameHeader.Compressed
                    ? "The server compressed a message although this client accepts none that are."
                    : $"A response message starts with the unknown flags {header.Flags}."));
        }

        // Without a limit of the channel, what one array can hold is the limit.
        var limit = maxMessageBytes ?? Array.MaxLength - FrameHeader.Size;
        if (header.Length > limit)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"A response message of {header.Length} bytes is over the receiving limit of {limit} bytes."));
        }

        length = (int)header.Length;
        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        // Doubling lets the memory follow the bytes that came, not the length a peer merely announced.
        var source = _buffer;
        var target = _start > 0 ? source : ArrayPool<byte>.Shared.Rent(DoubledLength(source.Length));
        source.AsSpan(_start, _end - _start).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
        if (target != source)
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }

    private static int DoubledLength(int length) => (int)Math.Min(length * 2L, Array.MaxLength);
}
