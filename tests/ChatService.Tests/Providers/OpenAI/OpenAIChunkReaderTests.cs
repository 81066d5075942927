using System.Text;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIChunkReaderTests
{
    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"Hi"}}]}""", "answer Hi")]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null}}]}""")]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":""}}]}""")]
    [InlineData("""{"choices":[{"delta":{}}]}""")]
    [InlineData("""{"choices":[{"delta":null}]}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":null}""")]
    [InlineData("{}")]
    [InlineData("""{"n":{"a":[{"content":"no"}]},"choices":[{"x":[{}],"delta":{"y":{"z":1},"content":"Hi"},"w":1}]}""",
        "answer Hi")]
    [InlineData("""{"choices":[{"delta":{"content":"one"}},{"index":1,"delta":{"content":"two"}}]}""", "answer one")]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"Hm"}}]}""", "reasoning Hm")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"Hm"}}]}""", "reasoning Hm")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"Hm","reasoning_content":"Hm","content":"Hi"}}]}""",
        "reasoning Hm", "answer Hi")]
    [InlineData("""{"choices":[{"delta":{"reasoning":null,"reasoning_content":"Hm"}}]}""", "reasoning Hm")]
    [InlineData("""{"choices":[{"delta":{"refusal":"I cannot"}}]}""", "answer I cannot")]
    [InlineData("""{"choices":[{"delta":{"\u0063ontent":"Hi"}}]}""", "answer Hi")]
    [InlineData("""{"choices":[{"delta":{"content":"a\u0000b"}}]}""", "answer a\0b")]
    [InlineData("""{"x":"\ud83d","choices":[{"delta":{"x":"\ud83d","content":"Hi"}}]}""", "answer Hi")]
    [InlineData("""{"error":null,"object":"chunk","choices":[{"delta":{"content":"Hi"}}]}""", "answer Hi")]
    [InlineData("""{"choices":[],"usage":null}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12}}""", "usage 9 12 0 0 Measured")]
    [InlineData("""{"usage":{"prompt_tokens":9,"prompt_tokens_details":{"audio_tokens":1,"cached_tokens":4}}}""",
        "usage 9 0 4 0 Measured")]
    [InlineData("""{"usage":{"completion_tokens_details":{"reasoning_tokens":5},"completion_tokens":12}}""",
        "usage 0 12 0 5 Measured")]
    [InlineData("""{"usage":{"prompt_tokens":null,"completion_tokens":"12"}}""", "usage 0 0 0 0 Measured")]
    [InlineData("""{"usage":{"prompt_tokens_details":null,"completion_tokens_details":[{}]}}""",
        "usage 0 0 0 0 Measured")]
    [InlineData("""{"usage":{"prompt_tokens":-1,"completion_tokens":1.5}}""", "usage 0 0 0 0 Measured")]
    [InlineData("""{"choices":[{"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
        "answer Hi", "usage 1 2 0 0 Measured")]
    public void Read_Chunk_WhatItSays(string chunk, params string[] expected)
    {
        var (ended, lines) = Read(chunk);

        Assert.Equal(expected, lines);
        Assert.False(ended);
    }

    [Theory]
    [InlineData("""{"error":{"message":"It broke.","type":"server_error","code":null}}""", "PROVIDER_ERROR")]
    [InlineData("""{"error":"It broke."}""", "PROVIDER_ERROR")]
    [InlineData("""{"object":"error","message":"It broke.","code":500}""", "PROVIDER_ERROR")]
    [InlineData("""{"error":{"message":"Slow.","code":429},"choices":[{"delta":{}}]}""", "PROVIDER_RATE_LIMITED")]
    [InlineData("""{"error":{"type":"rate_limit_error"}}""", "PROVIDER_RATE_LIMITED")]
    [InlineData("""{"error":{"code":"context_length_exceeded"}}""", "CONTEXT_TOO_LONG")]
    [InlineData("""{"error":{"code":"content_filter"}}""", "CONTENT_FILTERED")]
    [InlineData("""{"error":{"message":"half \ud83d"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"choices":[{"delta":{"content":"Hi"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"choices":[]} {}""", "PROVIDER_ERROR")]
    [InlineData("""{"choices":[{"delta":{},"error":{"code":429}}]}""", "PROVIDER_RATE_LIMITED")]
    [InlineData("not JSON", "PROVIDER_ERROR")]
    [InlineData("""{"\ud83d":1}""", "PROVIDER_ERROR")]
    [InlineData("""{"\ud83d":1,"error":"It broke."}""", "PROVIDER_ERROR")]
    [InlineData("[1]", "PROVIDER_ERROR")]
    [InlineData("null", "PROVIDER_ERROR")]
    [InlineData("""{"choices":[{"delta":{"content":["Hi"]}}]}""", "PROVIDER_ERROR")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud8"}}]}""", "PROVIDER_ERROR")]
    public void Read_ErrorOrNoChunk_FailsAndEnds(string chunk, string reason)
    {
        var (ended, lines) = Read(chunk);

        Assert.Equal($"failed {reason}", lines[^1]);
        Assert.True(ended);
    }

    // Not in the table: an attribute cannot hold half a character.
    [Fact]
    public void Read_HalvesOfAPair_EachAsItCame()
    {
        Assert.Equal(["answer a\ud83d"], Read("""{"choices":[{"delta":{"content":"a\ud83d"}}]}""").Lines);
        Assert.Equal(["answer \ude00b"], Read("""{"choices":[{"delta":{"content":"\ude00b"}}]}""").Lines);
    }

    [Fact]
    public void Read_NestedWithoutEnd_Fails() =>
        Assert.Equal("failed PROVIDER_ERROR", Read("{\"a\":" + new string('[', 100_000)).Lines[^1]);

    [Fact]
    public void Read_EventOfTypeError_FailsWhateverItHolds()
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);

        Assert.True(reader.Read("error", "{}"u8));
        Assert.Equal(["failed PROVIDER_ERROR"], reader.Events.Select(Transcript.Line));
    }

    [Theory]
    [InlineData("stop", "finished Stop stop")]
    [InlineData("length", "finished Length length")]
    [InlineData("tool_calls", "finished ToolCalls tool_calls")]
    [InlineData("function_call", "finished ToolCalls function_call")]
    [InlineData("content_filter", "finished ContentFilter content_filter")]
    [InlineData("eos_token", "finished Unspecified eos_token")]
    [InlineData("error", "failed PROVIDER_ERROR")]
    public void Read_FinishReason_KeptVerbatimUntilTheEndMarker(string reason, string expected)
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);

        Assert.False(reader.Read("message", Encoding.UTF8.GetBytes(OpenAIWire.Finish(reason))));
        Assert.Empty(reader.Events);
        Assert.True(reader.Read("message", "[DONE]"u8));
        Assert.Equal([expected], reader.Events.Select(Transcript.Line));
    }

    [Theory]
    [InlineData("""{"finish_reason":"error"}""", "PROVIDER_ERROR")]
    [InlineData("""{"finish_reason":"error","error":null}""", "PROVIDER_ERROR")]
    [InlineData("""{"finish_reason":"error","error":{"message":"Slow.","code":429}}""", "PROVIDER_RATE_LIMITED")]
    [InlineData("""{"finish_reason":"stop","error":{"code":502}}""", "PROVIDER_ERROR")]
    public void ReadWhole_ModelThatBrokeDown_FailsAfterWhatItSaid(string choice, string expected)
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);

        reader.ReadWhole(Encoding.UTF8.GetBytes(
            $$$"""{"choices":[{{{choice[..^1]}}},"message":{"content":"Hi"}}]}"""));

        Assert.Equal(["answer Hi", $"failed {expected}"], reader.Events.Select(Transcript.Line));
    }

    [Fact]
    public void Read_EndMarkerWithoutFinishReason_FinishedForNoStatedReason() =>
        Assert.Equal((true, "finished Unspecified "), (Read(" [DONE] ").Ended, Read("[DONE]").Lines[^1]));

    [Fact]
    public void Read_RefusalThatStops_IsFiltered()
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);

        _ = reader.Read("message", """{"choices":[{"delta":{"refusal":"No."}}]}"""u8);
        _ = reader.Read("message", """{"choices":[{"delta":{},"finish_reason":"stop"}]}"""u8);
        _ = reader.Read("message", "[DONE]"u8);

        Assert.Equal(["answer No.", "finished ContentFilter stop"], reader.Events.Select(Transcript.Line));
    }

    private static (bool Ended, List<string> Lines) Read(string chunk)
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);
        var ended = reader.Read("message", Encoding.UTF8.GetBytes(chunk));
        return (ended, [.. reader.Events.Select(Transcript.Line)]);
    }
}
