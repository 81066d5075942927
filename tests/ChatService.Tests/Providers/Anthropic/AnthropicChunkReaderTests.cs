using System.Text;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicChunkReaderTests
{
    [Theory]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""{"type":"thought_of_later","delta":{"text":"no"},"usage":{"input_tokens":1}}""")]
    [InlineData("""{"type":null,"delta":{"text":"no"}}""")]
    [InlineData("""{"delta":{"text":"no"}}""")]
    [InlineData("{}")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}""",
        "answer Hi")]
    [InlineData("""{"type":"content_block_start","content_block":{"type":"thinking","thinking":"Hm","signature":""}}""",
        "reasoning Hm")]
    [InlineData("""{"type":"content_block_start","content_block":{"type":"redacted_thinking","data":"xyz"}}""")]
    [InlineData("""{"type":"content_block_start","content_block":null}""")]
    [InlineData("""{"type":"content_block_start"}""")]
    [InlineData("""{"type":"content_block_stop","index":0}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""", "answer Hi")]
    [InlineData("""{"delta":{"text":"Hi","type":"text_delta"},"index":0,"type":"content_block_delta"}""", "answer Hi")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"Hm"}}""", "reasoning Hm")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"signature_delta","signature":"abc"}}""")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"citations_delta","citation":{"cited_text":"x"}}}""")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"text_delta","text":""}}""")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"text_delta","text":null}}""")]
    [InlineData("""{"type":"content_block_delta","delta":[{"text":"no"}]}""")]
    [InlineData("""{"\u0074ype":"content_block_delta","delta":{"\u0074ext":"a\u0000b"}}""", "answer a\0b")]
    [InlineData("""{"x":{"delta":{"text":"n"}},"type":"content_block_delta","delta":{"y":[{}],"text":"Hi"}}""",
        "answer Hi")]
    [InlineData("""{"x":"\ud83d","type":"content_block_delta","delta":{"x":"\ud83d","text":"Hi"}}""", "answer Hi")]
    public void Read_Event_WhatItSays(string chunk, params string[] expected)
    {
        var (ended, lines) = Read(chunk);

        Assert.Equal(expected, lines);
        Assert.False(ended);
    }

    [Fact]
    public void Read_CallInPieces_EachWithIdAndName() => Assert.Equal(
        ["call 1 toolu_1 weather ", "call 1 toolu_1 weather {\"city\":", "call 1 toolu_1 weather \"日本\"}"],
        Read(
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","""
            + "\"name\":\"weather\",\"input\":{}}}",
            Call("""{"type":"input_json_delta","partial_json":""}"""),
            Call("""{"type":"input_json_delta","partial_json":"{\"city\":"}"""),
            Call("""{"partial_json":"\"日本\"}","type":"input_json_delta"}"""),
            """{"type":"content_block_stop","index":1}""").Lines);

    // Not in the table: an attribute cannot hold half a character.
    [Fact]
    public void Read_HalvesOfAPair_EachAsItCame()
    {
        Assert.Equal(["answer a\ud83d"], Read(AnthropicBodies.Text("a\\ud83d")).Lines);
        Assert.Equal(["answer \ude00b"], Read(AnthropicBodies.Text("\\ude00b")).Lines);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Busy."}}""", "PROVIDER_ERROR")]
    [InlineData("""{"error":{"type":"rate_limit_error","message":"Slow."},"type":"error"}""", "PROVIDER_RATE_LIMITED")]
    [InlineData("""{"type":"error","error":{"type":"api_error","message":"x"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"error","error":{"type":"authentication_error"}}""", "PROVIDER_AUTHENTICATION")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 2 > 1"}}""",
        "CONTEXT_TOO_LONG")]
    [InlineData("""{"type":"error","error":{"type":"new_error","message":"half \ud83d"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"error"}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"content_block_delta","delta":{"text":"Hi"}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"ping"} {}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"content_block_delta","delta":{"text":["Hi"]}}""", "PROVIDER_ERROR")]
    [InlineData("""{"type":"content_block_delta","delta":{"text":"\ud8"}}""", "PROVIDER_ERROR")]
    [InlineData("""{"\ud83d":1}""", "PROVIDER_ERROR")]
    [InlineData("not JSON", "PROVIDER_ERROR")]
    [InlineData("[1]", "PROVIDER_ERROR")]
    [InlineData("null", "PROVIDER_ERROR")]
    public void Read_ErrorOrNoEvent_FailsAndEnds(string chunk, string reason)
    {
        var (ended, lines) = Read(chunk);

        Assert.Equal([$"failed {reason}"], lines);
        Assert.True(ended);
    }

    [Fact]
    public void Read_EventOfTypeError_FailsWhateverItHolds()
    {
        var reader = new AnthropicChunkReader(AnthropicBodies.Errors);

        Assert.True(reader.Read("error", """{"type":"ping"}"""u8));
        Assert.Equal(["failed PROVIDER_ERROR"], reader.Events.Select(Transcript.Line));
    }

    [Fact]
    public void Read_NestedWithoutEnd_Fails() =>
        Assert.Equal("failed PROVIDER_ERROR", Read("{\"a\":" + new string('[', 100_000)).Lines[^1]);

    [Theory]
    [InlineData("end_turn", "finished Stop end_turn")]
    [InlineData("stop_sequence", "finished Stop stop_sequence")]
    [InlineData("max_tokens", "finished Length max_tokens")]
    [InlineData("model_context_window_exceeded", "finished Length model_context_window_exceeded")]
    [InlineData("tool_use", "finished ToolCalls tool_use")]
    [InlineData("refusal", "finished ContentFilter refusal")]
    [InlineData("pause_turn", "finished Unspecified pause_turn")]
    [InlineData("thought_of_later", "finished Unspecified thought_of_later")]
    public void Read_StopReason_KeptVerbatimUntilTheEndMarker(string reason, string expected)
    {
        var end = $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null}}""";

        Assert.Equal((false, 0), (Read(end).Ended, Read(end).Lines.Count));
        var (ended, lines) = Read(end, """{"type":"message_delta","delta":{"stop_reason":null}}""", MessageStop);
        Assert.True(ended);
        Assert.Equal([expected], lines);
    }

    [Fact]
    public void Read_EndMarkerWithoutStopReason_FinishedForNoStatedReason() =>
        Assert.Equal(["finished Unspecified "], Read(MessageStop).Lines);

    private const string MessageStop = AnthropicBodies.MessageStop;

    private static string Call(string delta) => $$"""{"type":"content_block_delta","index":1,"delta":{{delta}}}""";

    private static (bool Ended, List<string> Lines) Read(params string[] chunks)
    {
        var reader = new AnthropicChunkReader(AnthropicBodies.Errors);
        var ended = false;
        foreach (var chunk in chunks)
        {
            Assert.False(ended);
            ended = reader.Read("", Encoding.UTF8.GetBytes(chunk));
        }

        return (ended, [.. reader.Events.Select(Transcript.Line)]);
    }
}
