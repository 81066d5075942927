using System.Text;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicRequestWriterTests
{
    private const string UserA = """{"role":"user","content":[{"type":"text","text":"a"}]}""";

    [Fact]
    public void Write_TextAlone_NothingThatWasNotAsked() => Assert.Equal(
        """{"model":"some-model","max_tokens":32000,"messages":["""
        + UserA + "],\"stream\":true}",
        Written(Requests.Saying("a")));

    [Fact]
    public void Write_Settings_AllSentButTheSeed()
    {
        var request = Requests.Saying("a") with
        {
            Instructions = "Be brief.",
            Temperature = 0.5,
            TopP = 0.25,
            MaxOutputTokens = 2147483647,
            Stop = ["END", "."],
            Seed = 7,
        };

        Assert.Equal(
            """{"model":"some-model","max_tokens":2147483647,"system":"Be brief.","messages":["""
            + UserA + """],"stream":true,"temperature":0.5,"top_p":0.25,"stop_sequences":["END","."]}""",
            Written(request));
    }

    [Theory]
    [InlineData("uA aB uC", "user:A assistant:B user:C")]
    [InlineData("uA uB aC aD uE", "user:A,B assistant:C,D user:E")]
    [InlineData("aA aB uC", "user:C")]
    [InlineData("uA a uB", "user:A,B")]
    [InlineData("uA aB u uC", "user:A assistant:B user:C")]
    [InlineData("u aA uB", "user:B")]
    public void Write_Conversation_UserFirstAndBothInTurn(string conversation, string expected)
    {
        var request = Requests.Saying("") with
        {
            Messages = [.. conversation.Split(' ').Select(message => message[0] == 'u'
                ? Requests.User(message[1..])
                : Requests.Assistant(message[1..]))],
        };

        var sent = Messages(request).Select(message => message.GetProperty("role").GetString() + ":" + string.Join(
            ',', message.GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text"))));

        Assert.Equal(expected, string.Join(' ', sent));
    }

    [Fact]
    public void Write_BlankTexts_LeftOut()
    {
        var request = Requests.Saying("") with { Instructions = " \n", Messages = [Requests.User(" ", "a", "", "\t")] };

        Assert.DoesNotContain("system", Written(request), StringComparison.Ordinal);
        Assert.Contains($"[{UserA}]", Written(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("日本語 😀 مرحبا <&>")]
    [InlineData("quotes \" and \\ and \u0001 and \u2028")]
    public void Write_AnyText_ComesBackTheSame(string text) => Assert.Equal(
        text,
        Messages(Requests.Saying(text)).Single().GetProperty("content")[0].GetProperty("text").GetString());

    [Fact]
    public void Write_Picture_SourceOfItsBytes()
    {
        var bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        var picture = new Part { Image = new() { MediaType = "image/webp", Data = ByteString.CopyFrom(bytes) } };
        var request = Requests.Saying("") with
        {
            Messages = [new ModelMessage(ModelRole.User, [new Part { Text = "See" }, picture])],
        };

        var content = Messages(request).Single().GetProperty("content");

        Assert.Equal("See", content[0].GetProperty("text").GetString());
        Assert.Equal("image", content[1].GetProperty("type").GetString());
        var source = content[1].GetProperty("source");
        Assert.Equal("base64", source.GetProperty("type").GetString());
        Assert.Equal("image/webp", source.GetProperty("media_type").GetString());
        Assert.Equal(bytes, source.GetProperty("data").GetBytesFromBase64());
    }

    [Fact]
    public void Write_Tools_CallsResultsAndWhatCanBeCalled()
    {
        var written = Written(Requests.WithTools());

        Assert.Contains(
            """
            {"role":"assistant","content":[{"type":"text","text":"I look."},
            {"type":"tool_use","id":"call_1","name":"get_time","input":{"zone": "UTC"}},
            {"type":"tool_use","id":"call_2","name":"add","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"12:00"},
            {"type":"tool_result","tool_use_id":"call_2","content":"no numbers","is_error":true},
            {"type":"text","text":"And now?"}]}]
            """.ReplaceLineEndings(""),
            written, StringComparison.Ordinal);
        Assert.Contains(
            """
            "tools":[{"name":"get_time","description":"Says the time.","input_schema":{"type": "object"}}]
            """,
            written, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_choice", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CallsButNoTools_NamedAndNotToBeCalled()
    {
        var written = Written(Requests.WithTools() with { Tools = [] });

        Assert.Contains("\"tools\":[{\"name\":\"get_time\",", written, StringComparison.Ordinal);
        Assert.Contains("\"tool_choice\":{\"type\":\"none\"}", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ResultsBeforeTheFirstOfTheUser_LeftOutWithTheirCalls()
    {
        var request = Requests.WithTools();

        var sent = Messages(request with { Messages = [.. request.Messages.Skip(1)] });

        Assert.Equal("And now?", Assert.Single(sent).GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Write_ArgumentsThatAreNoObject_StandInOne()
    {
        var request = Requests.Saying("a") with
        {
            Messages =
            [
                Requests.User("a"),
                Requests.Assistant("") with { Calls = [new ModelCall("1", "add", """{"a": """)] },
            ],
        };

        var input = Messages(request)[1].GetProperty("content")[0].GetProperty("input");

        Assert.Equal("""{"a": """, input.GetProperty("text").GetString());
    }

    [Fact]
    public void Write_WholeAnswer_NoStream() => Assert.Contains(
        "\"stream\":false", Written(Requests.Saying("a") with { Streaming = false }), StringComparison.Ordinal);

    private static List<JsonElement> Messages(ModelRequest request) =>
        [.. JsonSerializer.Deserialize<JsonElement>(Written(request)).GetProperty("messages").EnumerateArray()];

    private static string Written(ModelRequest request) => Encoding.UTF8.GetString(
        AnthropicRequestWriter.Write(request, AnthropicBodies.Options.DefaultMaxTokens).Span);
}
