using System.Text;
using ChatGrpc.Providers.Sse;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Sse;

public sealed class SseReaderTests
{
    [Fact]
    public async Task Read_EventAtTheLimit_Read()
    {
        var data = new string('x', EventTooLargeException.MaxBytes - "data:\n\n".Length);

        Assert.Equal([data.Length], await LengthsAsync($"data:{data}\n\n"));
    }

    [Fact]
    public async Task Read_EventWithoutEnd_RefusedSoonAfterTheLimit()
    {
        var endless = new EndlessStream();
        await using var events = SseReader.ReadAsync(endless, (_, data) => data.Length, CancellationToken.None)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<EventTooLargeException>(async () => await events.MoveNextAsync());

        // The parser doubles its buffer, so that the last read before the refusal may be as large as all before it.
        Assert.InRange(endless.BytesRead, EventTooLargeException.MaxBytes, 2L * EventTooLargeException.MaxBytes + 4096);
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
        var lengths = new List<int>();
        await foreach (var length in SseReader.ReadAsync(
            body, (_, data) => data.Length, TestContext.Current.CancellationToken))
        {
            lengths.Add(length);
        }

        return lengths;
    }
}
