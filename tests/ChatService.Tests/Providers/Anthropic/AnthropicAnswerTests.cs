using System.Text;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicAnswerTests
{
    // What servers send, and what they may: pings, comments, no space, no line of the type, blocks that nobody reads.
    private static readonly string Recorded = string.Concat(
        ": waking up\n\n",
        AnthropicWire.MessageStart(9, cacheReadTokens: 4, cacheCreationTokens: 2),
        AnthropicWire.Ping,
        AnthropicWire.ThinkingStart(0),
        AnthropicWire.Thinking(0, "Hm, ünïcode"),
        AnthropicWire.Signature(0, "c2lnbmVk"),
        AnthropicWire.BlockStop(0),
        AnthropicWire.BlockStart(1, """{"type":"redacted_thinking","data":"c2VjcmV0"}"""),
        AnthropicWire.BlockStop(1),
        AnthropicWire.TextStart(2),
        "data:" + AnthropicBodies.Text("no space 日本") + "\r\n\r\n",
        AnthropicWire.Ping.Replace("\n", "\r\n", StringComparison.Ordinal),
        "data: " + AnthropicBodies.Text("\\ud83d") + "\n\n",
        AnthropicWire.BlockDelta(2, """{"type":"text_delta","text":"\ude00\u0000"}"""),
        AnthropicWire.Event("thought_of_later", """{"type":"thought_of_later","text":"no"}"""),
        AnthropicWire.BlockStop(2),
        AnthropicWire.ToolUseStart(3, "toolu_1", "weather"),
        AnthropicWire.InputJson(3, "{\"city\":"),
        AnthropicWire.InputJson(3, "\"日本\"}"),
        AnthropicWire.BlockStop(3),
        AnthropicWire.MessageDelta("tool_use"),
        AnthropicWire.MessageStop);

    private static readonly string[] Expected =
    [
        "reasoning Hm, ünïcode", "answer no space 日本", "answer \ud83d", "answer \ude00\0", "call 3 toolu_1 weather ",
        "call 3 toolu_1 weather {\"city\":", "call 3 toolu_1 weather \"日本\"}", "usage 15 12 4 0 Measured",
        "finished ToolCalls tool_use",
    ];

    [Fact]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameEvents()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await AnthropicBodies.LinesAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
        }
    }
}
