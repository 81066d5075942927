using System.Text;
using ChatGrpc.Providers.Ndjson;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Ndjson;

public sealed class NdjsonReaderTests
{
    private const string Recorded = "{\"text\":\"日本 😀\"}\n\r\n{\"a\":\"\\r\\n\"}\r\n\n \t\nlast\r\r\n";

    private static readonly string[] Expected =
        ["{\"text\":\"日本 😀\"}", "", "{\"a\":\"\\r\\n\"}", "", " \t", "last\r"];

    [Fact]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameLines()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await LinesAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
        }
    }

    [Fact]
    public async Task ReadAsync_ByteByByte_TheSameLines() => Assert.Equal(
        Expected,
        await LinesAsync([.. Encoding.UTF8.GetBytes(Recorded).Select(one => new ReadOnlyMemory<byte>([one]))]));

    [Fact]
    public async Task ReadAsync_NextLineOnlyAfterThisOneWasRead_AllArrive()
    {
        var body = new SteppedStream();
        await using var lines = Read(body).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
        {
            var next = lines.MoveNextAsync();
            body.Arrive($"line {i}\n");
            Assert.True(await next.InTime());
            Assert.Equal($"line {i}", lines.Current);
        }
    }

    [Theory]
    [InlineData("one\ntwo", "one")]
    [InlineData("one\ntwo\r", "one")]
    [InlineData("one")]
    [InlineData("")]
    public async Task ReadAsync_LastLineWithoutItsEnding_NotHandedOn(string body, params string[] expected) =>
        Assert.Equal(expected, await LinesAsync(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task ReadAsync_LinesOfEverySize_Whole()
    {
        string[] lines = [.. Enumerable.Range(0, 9_000).Select(length => new string('x', length))];

        Assert.Equal(lines, await LinesAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task ReadAsync_LineAtTheLimit_ReadButNoLonger(int bytesBeyond, bool isRead)
    {
        var line = new string('x', EventTooLargeException.MaxBytes + bytesBeyond);

        var read = LinesAsync(Encoding.UTF8.GetBytes($"first\n{line}\n"));

        if (isRead)
        {
            Assert.Equal(["first", line], await read);
        }
        else
        {
            _ = await Assert.ThrowsAsync<EventTooLargeException>(() => read);
        }
    }

    [Fact]
    public async Task ReadAsync_LineWithoutEnd_RefusedSoonAfterTheLimit()
    {
        var endless = new EndlessStream();
        await using var lines = Read(endless).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<EventTooLargeException>(async () => await lines.MoveNextAsync());

        // The buffer doubles, so that the last read before the refusal may be as large as all before it.
        Assert.InRange(endless.BytesRead, EventTooLargeException.MaxBytes, 2L * EventTooLargeException.MaxBytes + 4096);
    }

    [Fact]
    public async Task ReadAsync_Line_AllocatesNothing()
    {
        const int Lines = 10_000;
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"some\":\"line\"}\n", Lines)));
        await CountAsync(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Lines, await CountAsync(bytes));
        var perLine = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Lines;

        Assert.InRange(perLine, 0, 1);
    }

    private static IAsyncEnumerable<string> Read(Stream body) =>
        NdjsonReader.ReadAsync(body, Encoding.UTF8.GetString, TestContext.Current.CancellationToken);

    private static async Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments)
    {
        var lines = new List<string>();
        await foreach (var line in Read(new SegmentedStream(segments)))
        {
            lines.Add(line);
        }

        return lines;
    }

    private static async Task<int> CountAsync(byte[] bytes)
    {
        using var body = new MemoryStream(bytes);
        var count = 0;
        await foreach (var length in NdjsonReader.ReadAsync(
            body, line => line.Length, TestContext.Current.CancellationToken))
        {
            count++;
        }

        return count;
    }

    // Bytes that arrive when the test says so.
    private sealed class SteppedStream : MemoryStream
    {
        private TaskCompletionSource<byte[]> _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Arrive(string text) => _arrival.SetResult(Encoding.UTF8.GetBytes(text));

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = await _arrival.Task.WaitAsync(cancellationToken);
            _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
