using System.Text;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIAnswerTests
{
    // What servers send, and what they may: every line ending, comments, no space, several data lines, halves.
    private static readonly string Recorded = string.Concat(
        ": waking up\n\n",
        OpenAIWire.Event(OpenAIWire.Delta("""{"role":"assistant","content":null}""")),
        OpenAIWire.Event(OpenAIWire.Reasoning("Hm, ünïcode")),
        "data:" + OpenAIWire.Text("no space 日本") + "\n\n",
        "data: " + OpenAIWire.Text("CRLF 😀") + "\r\n\r\n",
        ": ping\r\n\r\nevent: message\r\nid: 7\r\nretry: 10\r\n",
        "data: " + OpenAIWire.Delta("""{"content":"\ud83d"}""") + "\r\n\r\n",
        OpenAIWire.Event(OpenAIWire.Delta("""{"content":"\ude00\u0000"}""")),
        "data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"two lines\"}}]}\n\n",
        "data: " + OpenAIWire.Text("CR only") + "\r\r",
        OpenAIWire.Event("""{"choices":[{"delta":{"content":"مرحبا"},"finish_reason":"stop"}]}"""),
        OpenAIWire.Event(OpenAIWire.Usage(9, 12, 4, 5)),
        OpenAIWire.Done);

    private static readonly string[] Expected =
    [
        "reasoning Hm, ünïcode", "answer no space 日本", "answer CRLF 😀", "answer \ud83d", "answer \ude00\0",
        "answer two lines", "answer CR only", "answer مرحبا", "usage 9 12 4 5 Measured", "finished Stop stop",
    ];

    [Fact]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameEvents()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await Bodies.LinesAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
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
        var bytes = Encoding.UTF8.GetBytes(Recorded);

        var segments = bytes.Chunk(size).Select(chunk => new ReadOnlyMemory<byte>(chunk));

        Assert.Equal(Expected, await Bodies.LinesAsync([.. segments]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public async Task ReadAsync_SplitAtRandom_TheSameEvents(int seed)
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
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

            var lines = await Bodies.LinesAsync([.. segments]);
            Assert.True(Expected.SequenceEqual(lines), $"seed {seed}, round {round}: {string.Join(" | ", lines)}");
        }
    }

    [Fact]
    public async Task ReadAsync_EndedAnywhereBeforeTheEndMarker_IsCut()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);

        // The end marker's event is complete with its last line feed.
        for (var length = 0; length < bytes.Length; length++)
        {
            var lines = await Bodies.LinesAsync(bytes.AsMemory(0, length));
            Assert.Equal([.. Expected.Take(lines.Count - 1), "failed PROVIDER_STREAM_CUT"], lines);
        }
    }

    [Fact]
    public async Task ReadAsync_TextAfterTheEndMarker_Ignored() =>
        Assert.Equal(Expected, await Bodies.LinesAsync(Recorded + OpenAIWire.Event(OpenAIWire.Text("late"))));

    [Fact]
    public async Task ReadAsync_FiveMegabytesInOneEvent_Whole()
    {
        var text = string.Concat(Enumerable.Repeat("日本語😀", 5 * 1024 * 1024 / 13));

        var chunk = OpenAIWire.Delta($"{{\"content\":\"{text}\"}}");
        var lines = await Bodies.LinesAsync(OpenAIWire.Event(chunk) + OpenAIWire.Done);

        Assert.Equal("answer " + text, lines[0]);
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public async Task ReadAsync_EventBeyondTheLimit_FailsAfterTheTextBeforeIt()
    {
        var endless = new string('x', 3 * EventTooLargeException.MaxBytes);
        var tooLong = OpenAIWire.Event(OpenAIWire.Text("Hi")) + "data: " + endless;

        Assert.Equal(["answer Hi", "failed PROVIDER_ERROR"], await Bodies.LinesAsync(tooLong));
    }
}
