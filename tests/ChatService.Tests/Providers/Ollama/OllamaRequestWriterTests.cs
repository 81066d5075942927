using System.Text;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaRequestWriterTests
{
    [Fact]
    public void Write_TextAlone_NothingThatWasNotAsked() => Assert.Equal(
        """{"model":"some-model","messages":[{"role":"user","content":"Hi"}],"stream":true}""",
        Written(Requests.Saying("Hi")));

    [Fact]
    public void Write_Conversation_RolesInOrder()
    {
        var request = Requests.Saying("") with
        {
            Instructions = "Be brief.",
            Messages = [Requests.User("Hi"), Requests.Assistant("Hello"), Requests.User("One", "two")],
        };

        Assert.Contains(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},"""
            + """{"role":"assistant","content":"Hello"},{"role":"user","content":"One\ntwo"}]""",
            Written(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Settings_AllInOptionsByOllamasNames()
    {
        var request = Requests.Saying("Hi") with
        {
            Temperature = 0.5,
            TopP = 0.25,
            MaxOutputTokens = 2147483647,
            Stop = ["END", "\n"],
            Seed = long.MinValue,
        };

        Assert.EndsWith(
            "\"options\":{\"temperature\":0.5,\"top_p\":0.25,\"num_predict\":2147483647,"
            + "\"stop\":[\"END\",\"\\n\"],\"seed\":-9223372036854775808}}",
            Written(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("日本語 😀 مرحبا <&>")]
    [InlineData("quotes \" and \\ and \u0001 and \u2028")]
    public void Write_AnyText_ComesBackTheSame(string text) =>
        Assert.Equal(text, Message(Requests.Saying(text)).GetProperty("content").GetString());

    [Theory]
    [InlineData(1)]
    [InlineData(3073)]
    [InlineData(1_000_000)]
    public void Write_Pictures_BareBase64BesideTheText(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var picture = new Part { Image = new() { MediaType = "image/png", Data = ByteString.CopyFrom(bytes) } };
        var request = Requests.Saying("") with
        {
            Messages = [new ModelMessage(ModelRole.User, [picture, new Part { Text = "See" }, picture])],
        };

        var message = Message(request);

        var encoded = Convert.ToBase64String(bytes);
        Assert.Equal("See", message.GetProperty("content").GetString());
        Assert.Equal(
            [encoded, encoded], message.GetProperty("images").EnumerateArray().Select(image => image.GetString()));
    }

    [Fact]
    public void Write_Tools_CallsResultsAndWhatCanBeCalled()
    {
        var written = Written(Requests.WithTools());

        Assert.Contains(
            """
            {"role":"assistant","content":"I look.","tool_calls":[
            {"function":{"name":"get_time","arguments":{"zone": "UTC"}}},{"function":{"name":"add","arguments":{}}}]},
            {"role":"tool","content":"12:00","tool_name":"get_time"},
            {"role":"tool","content":"Error: no numbers","tool_name":"add"},{"role":"user","content":"And now?"}]
            """.ReplaceLineEndings(""),
            written, StringComparison.Ordinal);
        Assert.Contains(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_time\",\"description\":\"Says the time.\","
            + "\"parameters\":{\"type\": \"object\"}}}]",
            written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WholeAnswerInAForm_SchemaAsFormatAndNoStream() => Assert.EndsWith(
        """
        "format":{"type": "object"},"stream":false}
        """,
        Written(Requests.Saying("Hi") with
        {
            Schema = new ModelSchema("trip", """{"type": "object"}"""),
            Streaming = false,
        }),
        StringComparison.Ordinal);

    private static JsonElement Message(ModelRequest request) =>
        JsonSerializer.Deserialize<JsonElement>(Written(request)).GetProperty("messages")[0];

    private static string Written(ModelRequest request) =>
        Encoding.UTF8.GetString(OllamaRequestWriter.Write(request).Span);
}
