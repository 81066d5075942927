using System.Text;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaChunkReaderTests
{
    [Theory]
    [InlineData("""{"message":{"role":"assistant","content":"Hi"},"done":false}""", "answer Hi")]
    [InlineData("""{"message":{"role":"assistant","content":"Hi","images":null}}""", "answer Hi")]
    [InlineData("""{"message":{"content":"","thinking":"Hm"},"done":false}""", "reasoning Hm")]
    [InlineData("""{"message":{"content":"Hi","thinking":"Hm"},"done":false}""", "reasoning Hm", "answer Hi")]
    [InlineData("""{"message":{"content":null,"thinking":null,"tool_calls":null},"done":false}""")]
    [InlineData("""{"message":{"content":""},"done":false}""")]
    [InlineData("""{"message":null}""")]
    [InlineData("{}")]
    [InlineData("""{"status":"loading","error":null,"message":{"content":"Hi"}}""", "answer Hi")]
    [InlineData("""{"x":{"message":{"content":"no"}},"message":{"y":[{}],"content":"Hi"},"z":[1]}""", "answer Hi")]
    [InlineData("""{"message":{"content":"a\u0000b"}}""", "answer a\0b")]
    [InlineData("""{"message":{"\u0063ontent":"Hi"}}""", "answer Hi")]
    [InlineData("""{"done":"true","message":{"content":"Hi"}}""", "answer Hi")]
    [InlineData("""{"message":{"content":"Hi","tool_calls":[{"function":{"name":"f","arguments":{}}}]}}""",
        "answer Hi", "call 0  f {}")]
    [InlineData("""{"message":{"tool_calls":[{"id":"c1","function":{"index":4,"name":"f","arguments":{"a": 1}}}]}}""",
        "call 0 c1 f {\"a\": 1}")]
    [InlineData("""{"message":{"tool_calls":[{"function":{"name":"f"}},{"function":{"name":"g","arguments":{}}}]}}""",
        "call 0  f ", "call 1  g {}")]
    public void Read_Line_WhatItSays(string line, params string[] expected)
    {
        var (ended, lines) = Read(line);

        Assert.Equal(expected, lines);
        Assert.False(ended);
    }

    // Not in the table: an attribute cannot hold half a character.
    [Fact]
    public void Read_HalvesOfAPair_EachAsItCame()
    {
        Assert.Equal(["answer a\ud83d"], Read("""{"message":{"content":"a\ud83d"}}""").Lines);
        Assert.Equal(["reasoning \ude00b"], Read("""{"message":{"thinking":"\ude00b"}}""").Lines);
    }

    [Theory]
    [InlineData("""{"error":"something broke"}""", "PROVIDER_ERROR")]
    [InlineData("""{"error":{"message":"something broke"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"error":"model 'x' not found, try pulling it first"}""", "MODEL_UNAVAILABLE")]
    [InlineData("""{"error":"the input exceeds the context length"}""", "CONTEXT_TOO_LONG")]
    [InlineData("""{"error":"half \ud83d"}""", "PROVIDER_ERROR")]
    [InlineData("""{"message":{"content":"Hi"}""", "PROVIDER_ERROR")]
    [InlineData("{} {}", "PROVIDER_ERROR")]
    [InlineData("data: {}", "PROVIDER_ERROR")]
    [InlineData("[1]", "PROVIDER_ERROR")]
    [InlineData("null", "PROVIDER_ERROR")]
    [InlineData("""{"\ud83d":1}""", "PROVIDER_ERROR")]
    [InlineData("""{"message":{"content":["Hi"]}}""", "PROVIDER_ERROR")]
    [InlineData("""{"message":{"content":"\ud8"}}""", "PROVIDER_ERROR")]
    public void Read_ErrorOrNoLine_FailsAndEnds(string line, string reason)
    {
        var (ended, lines) = Read(line);

        Assert.Equal($"failed {reason}", lines[^1]);
        Assert.True(ended);
    }

    [Fact]
    public void Read_NestedWithoutEnd_Fails() =>
        Assert.Equal("failed PROVIDER_ERROR", Read("{\"a\":" + new string('[', 100_000)).Lines[^1]);

    [Theory]
    [InlineData("stop", "finished Stop stop")]
    [InlineData("length", "finished Length length")]
    [InlineData("load", "finished Unspecified load")]
    [InlineData("unload", "finished Unspecified unload")]
    [InlineData("", "finished Unspecified ")]
    public void Read_Done_ReasonVerbatim(string reason, string expected)
    {
        var (ended, lines) = Read(OllamaWire.Done(reason));

        Assert.Equal(["usage 9 12 0 0 Measured", expected], lines);
        Assert.True(ended);
    }

    [Theory]
    [InlineData("""{"done":true,"prompt_eval_count":9}""", "usage 9 0 0 0 Measured", "finished Unspecified ")]
    [InlineData("""{"done":true,"eval_count":12}""", "usage 0 12 0 0 Measured", "finished Unspecified ")]
    [InlineData("""{"done":true}""", "finished Unspecified ")]
    [InlineData("""{"message":{"content":"Hi"},"done_reason":"stop","done":true}""", "answer Hi", "finished Stop stop")]
    [InlineData("""{"done_reason":null,"eval_count":-1,"done":true}""",
        "usage 0 0 0 0 Measured", "finished Unspecified ")]
    public void Read_DoneWithMoreOrLess_WhatThereIs(string line, params string[] expected) =>
        Assert.Equal(expected, Read(line).Lines);

    [Fact]
    public void Read_StopAfterToolCalls_FinishedForThem()
    {
        var reader = new OllamaChunkReader(OllamaBodies.Errors);

        _ = Read(reader, OllamaWire.ToolCall("f", "{}"));
        _ = Read(reader, OllamaWire.ToolCall("g", """{"a":1}"""));
        _ = Read(reader, OllamaWire.Done(promptTokens: null, answerTokens: null));

        Assert.Equal(
            ["call 0  f {}", "call 1  g {\"a\":1}", "finished ToolCalls stop"], reader.Events.Select(Transcript.Line));
    }

    private static (bool Ended, List<string> Lines) Read(string line)
    {
        var reader = new OllamaChunkReader(OllamaBodies.Errors);
        var ended = Read(reader, line);
        return (ended, [.. reader.Events.Select(Transcript.Line)]);
    }

    private static bool Read(OllamaChunkReader reader, string line) => reader.Read("", Encoding.UTF8.GetBytes(line));
}
