namespace ChatGrpc.Tests.Providers;

/// <summary>One line that never ends.</summary>
internal sealed class EndlessStream : MemoryStream
{
    public long BytesRead { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.Fill((byte)'x');
        BytesRead += buffer.Length;
        return new(buffer.Length);
    }
}
