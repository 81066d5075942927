using System.Text;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaAnswerTests
{
    // What servers send, and what proxies may make of it: both line endings, empty lines, halves of characters.
    private static readonly string Recorded = string.Concat(
        OllamaWire.Thinking("Hm, ünïcode"),
        "\n",
        OllamaWire.Message("""{"content":"Answer","thinking":" done"}"""),
        OllamaWire.Text("LF 日本"),
        OllamaWire.Text("CRLF 😀").TrimEnd('\n') + "\r\n\r\n \t\n",
        OllamaWire.Message("""{"content":"\ud83d"}"""),
        OllamaWire.Message("""{"content":"\ude00\u0000"}"""),
        OllamaWire.ToolCall("weather", """{"city":"Zürich"}"""),
        OllamaWire.Text("مرحبا"),
        OllamaWire.Done());

    private static readonly string[] Expected =
    [
        "reasoning Hm, ünïcode", "reasoning  done", "answer Answer", "answer LF 日本", "answer CRLF 😀",
        "answer \ud83d", "answer \ude00\0", "call 0  weather {\"city\":\"Zürich\"}", "answer مرحبا",
        "usage 9 12 0 0 Measured", "finished ToolCalls stop",
    ];

    [Fact]
    public async Task ReadAsync_SplitInTwoAtEveryByte_TheSameEvents()
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await OllamaBodies.LinesAsync(bytes.AsMemory(0, at), bytes.AsMemory(at)));
        }
    }

    [Fact]
    public async Task ReadAsync_HalfACharacterAtTheEnd_ReplacementCharacter()
    {
        byte[] half = [0xF0, 0x9F];
        var start = Encoding.UTF8.GetBytes("{\"message\":{\"content\":\"a");
        var rest = Encoding.UTF8.GetBytes("\"}}\n" + OllamaWire.Done());

        var lines = await OllamaBodies.LinesAsync(start, half, rest);

        Assert.Equal(["answer a", "usage 9 12 0 0 Measured", "answer \ufffd", "finished Stop stop"], lines);
    }
}
