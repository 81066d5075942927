using System.Text;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>What holds of every body, however its bytes arrive.</summary>
public abstract partial class ProviderContract
{
    private const int Deltas = 10_000;

    private string[] Expected =>
    [
        "reasoning Hm, ünïcode", "answer 日本 😀\n", "answer a\0b", "answer مرحبا", "usage 9 12 0 0 Measured",
        $"finished Stop {Wire.FinishReasons[0].Word}",
    ];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameEvents(string lineEnding)
    {
        var bytes = Recorded(lineEnding);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await BodyAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task ReadAsync_SplitInManyOfOneSize_TheSameEvents(int size)
    {
        var segments = Recorded("\n").Chunk(size).Select(chunk => new ReadOnlyMemory<byte>(chunk));

        Assert.Equal(Expected, await BodyAsync([.. segments]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public async Task ReadAsync_SplitAtRandom_TheSameEvents(int seed)
    {
        var bytes = Recorded("\r\n");
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var segments = new List<ReadOnlyMemory<byte>>();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - at, random.Next(1, 1 << random.Next(1, 10)));
                segments.Add(bytes.AsMemory(at, length));
                at += length;
            }

            var lines = await BodyAsync([.. segments]);
            Assert.True(Expected.SequenceEqual(lines), $"seed {seed}, round {round}: {string.Join(" | ", lines)}");
        }
    }

    [Fact]
    public async Task ReadAsync_EndedAnywhereBeforeTheEndMarker_IsCut()
    {
        var bytes = Recorded("\n");

        // The end marker is complete with its last line feed.
        for (var length = 0; length < bytes.Length; length++)
        {
            var lines = await BodyAsync(bytes.AsMemory(0, length));
            Assert.Equal([.. Expected.Take(lines.Count - 1), "failed PROVIDER_STREAM_CUT"], lines);
        }
    }

    [Fact]
    public async Task ReadAsync_TextAfterTheEndMarker_Ignored() => Assert.Equal(
        Expected, await BodyAsync(Recorded("\n"), Encoding.UTF8.GetBytes(Wire.Script().Text("late"))));

    [Fact]
    public async Task ReadAsync_FiveMegabytesInOneEvent_Whole()
    {
        // Thirty bytes each, because the scripts escape them.
        var text = string.Concat(Enumerable.Repeat("日本語😀", 5 * 1024 * 1024 / 30));

        var lines = await BodyAsync(Written(script => script.Start() + script.Text(text) + script.Finish()));

        Assert.Equal("answer " + text, lines[0]);
        Assert.Equal(3, lines.Count);
    }

    [Fact]
    public async Task ReadAsync_EventBeyondTheLimit_FailsAfterTheTextBeforeIt()
    {
        var endless = new string('x', 3 * EventTooLargeException.MaxBytes);

        Assert.Equal(
            ["answer Hi", "failed PROVIDER_ERROR"],
            await BodyAsync(Written(script => script.Start() + script.Text("Hi") + endless)));
    }

    [Fact]
    public async Task ReadAsync_Body_AllocatesLittleBesidesTheText()
    {
        var body = Written(script =>
            script.Start()
            + string.Concat(Enumerable.Range(0, Deltas).Select(_ => script.Text(" token")))
            + script.Finish());
        Assert.Equal(Deltas + 2, await CountAsync(body));

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = await CountAsync(body);
        var perDelta = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Deltas;

        Assert.InRange(perDelta, 24, 300);
    }

    private byte[] Recorded(string lineEnding) => Written(script => string.Concat(
        script.Start(),
        script.Reasoning("Hm, ünïcode"),
        script.Text("日本 😀\n"),
        script.Text("a\0b"),
        script.Text("مرحبا"),
        script.Finish()).Replace("\n", lineEnding, StringComparison.Ordinal));

    private byte[] Written(Func<IAnswerScript, string> write) =>
        Encoding.UTF8.GetBytes(write(Wire.Script()));

    private Task<List<string>> BodyAsync(params ReadOnlyMemory<byte>[] segments) =>
        Transcript.LinesAsync(Wire.Read(new SegmentedStream(segments)));

    private async Task<int> CountAsync(byte[] bytes)
    {
        using var body = new MemoryStream(bytes);
        var count = 0;
        await foreach (var said in Wire.Read(body))
        {
            count++;
        }

        return count;
    }
}
