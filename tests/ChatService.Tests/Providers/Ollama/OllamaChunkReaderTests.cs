using System.Text;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Ollama;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaChunkReaderTests
{
    private static readonly OllamaErrors Errors = new(
        new OllamaOptions { BaseUrl = new Uri("http://localhost:11434") },
        new ProviderFailures("ollama", "some-model"));

    // Every line ending, empty lines, members nobody knows, halves of a pair, an escape, a NUL.
    private static readonly string Recorded = string.Concat(
        "\n", OllamaWire.Thinking("Hm, ünïcode"),
        OllamaWire.Text("日本 😀"),
        OllamaWire.Text("CRLF").TrimEnd('\n'), "\r\n",
        """{"new":{"a":[{"message":1}]},"message":{"role":"assistant","content":"\ud83d"},"done":false}""", "\n",
        """{"message":{"content":"\ude00\u0000\n"},"done":false}""", "\n\r\n",
        OllamaWire.Text("مرحبا"),
        OllamaWire.Done("stop", 9, 12));

    private static readonly string[] Expected =
    [
        "reasoning Hm, ünïcode", "answer 日本 😀", "answer CRLF", "answer \ud83d", "answer \ude00\0\n", "answer مرحبا",
        "usage 9 12 0 0 Measured", "finished Stop stop",
    ];

    [Fact]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameEvents()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await LinesAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
        }
    }

    [Fact]
    public async Task ReadAsync_ByteByByte_TheSameEvents() => Assert.Equal(
        Expected,
        await LinesAsync([.. Encoding.UTF8.GetBytes(Recorded).Chunk(1).Select(one => new ReadOnlyMemory<byte>(one))]));

    [Fact]
    public async Task ReadAsync_EndedAnywhereBeforeTheEndMarker_IsCut()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var length = 0; length < bytes.Length; length++)
        {
            var lines = await LinesAsync(bytes.AsMemory(0, length));
            Assert.Equal([.. Expected.Take(lines.Count - 1), "failed PROVIDER_STREAM_CUT"], lines);
        }
    }

    [Fact]
    public async Task ReadAsync_FiveMegabytesInOneLine_Whole()
    {
        var text = string.Concat(Enumerable.Repeat("日本語😀", 5 * 1024 * 1024 / 13));

        var body = $"{{\"message\":{{\"content\":\"{text}\"}}}}\n" + OllamaWire.Done("stop", 1, 1);

        Assert.Equal("answer " + text, (await LinesAsync(Encoding.UTF8.GetBytes(body)))[0]);
    }

    [Theory]
    [InlineData("""{"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":2}""",
        "usage 9 2 0 0 Measured", "finished Stop stop")]
    [InlineData("""{"done":true,"done_reason":"length","eval_count":2}""",
        "usage 0 2 0 0 Measured", "finished Length length")]
    [InlineData("""{"done":true,"done_reason":"load"}""", "finished Unspecified load")]
    [InlineData("""{"done":true}""", "finished Unspecified ")]
    [InlineData("""{"message":{"content":"last"},"done":true,"done_reason":"stop"}""",
        "answer last", "finished Stop stop")]
    [InlineData("""{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"x": "}"}}}]},"done":true}""",
        """call 0  f {"x": "}"}""", "finished Unspecified ")]
    [InlineData("""{"error":"It broke."}""", "failed PROVIDER_ERROR")]
    [InlineData("""{"error":"model 'x' not found"}""", "failed MODEL_UNAVAILABLE")]
    [InlineData("not JSON", "failed PROVIDER_ERROR")]
    [InlineData("""{"message":{"content":["x"]}}""", "failed PROVIDER_ERROR")]
    [InlineData("""{"done":false} {}""", "failed PROVIDER_ERROR")]
    public void Read_LastLine_WhatItSays(string line, params string[] expected)
    {
        var reader = new OllamaChunkReader(Errors);

        Assert.True(reader.Read("", Encoding.UTF8.GetBytes(line)));
        Assert.Equal(expected, reader.Events.Select(Transcript.Line));
    }

    [Fact]
    public void Read_Line_AllocatesItsTextOnly()
    {
        const int Lines = 10_000;
        var line = Encoding.UTF8.GetBytes(OllamaWire.Text(" token"));
        var reader = new OllamaChunkReader(Errors);
        Read(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(Lines);

        // A string of six UTF-16 units.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Lines, 24, 48);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                reader.Events.Clear();
                _ = reader.Read("", line);
            }
        }
    }

    private static Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments) => Transcript.LinesAsync(
        new WireAnswer(new SegmentedStream(segments), new OllamaChunkReader(Errors), Errors, TimeProvider.System)
            .ReadAsync(TestContext.Current.CancellationToken));
}
