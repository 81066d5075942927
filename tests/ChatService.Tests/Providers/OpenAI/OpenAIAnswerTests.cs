using System.Text;
using ChatGrpc.TestKit.Providers;

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
}
