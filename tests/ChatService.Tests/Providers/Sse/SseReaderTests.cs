using System.Text;
using ChatGrpc.Providers.Sse;

namespace ChatGrpc.Tests.Providers.Sse;

public sealed class SseReaderTests
{
    [Fact]
    public async Task Read_EventAtTheLimit_Read()
    {
        var data = new string('x', SseReader.MaxEventBytes - "data:\n\n".Length);

        Assert.Equal([data.Length], await LengthsAsync($"data:{data}\n\n"));
    }

    [Fact]
    public async Task Read_EventWithoutEnd_RefusedSoonAfterTheLimit()
    {
        var endless = new EndlessStream();
        await using var events = SseReader.Read(endless, (_, data) => data.Length, CancellationToken.None);

        await Assert.ThrowsAsync<SseEventTooLargeException>(async () => await events.MoveNextAsync());

        // The parser doubles its buffer, so that the last read before the refusal may be as large as all before it.
        Assert.InRange(endless.BytesRead, SseReader.MaxEventBytes, 2L * SseReader.MaxEventBytes + 4096);
    }

    [Fact]
    public async Task Read_ManyEventsBeyondTheLimitTogether_AllRead()
    {
        var one = $"data:{new string('x', 1_000_000)}\n\n";

        Assert.Equal(Enumerable.Repeat(1_000_000, 20), await LengthsAsync(string.Concat(Enumerable.Repeat(one, 20))));
    }

    private static async Task<List<int>> LengthsAsync(string text)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await using var events = SseReader.Read(body, (_, data) => data.Length, TestContext.Current.CancellationToken);
        var lengths = new List<int>();
        while (await events.MoveNextAsync())
        {
            lengths.Add(events.Current.Data);
        }

        return lengths;
    }

    // One line that never ends.
    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            BytesRead += buffer.Length;
            return new(buffer.Length);
        }
    }
}
