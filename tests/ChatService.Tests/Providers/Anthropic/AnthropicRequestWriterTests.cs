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

    private static List<JsonElement> Messages(ModelRequest request) =>
        [.. JsonSerializer.Deserialize<JsonElement>(Written(request)).GetProperty("messages").EnumerateArray()];

    private static string Written(ModelRequest request) => Encoding.UTF8.GetString(
        AnthropicRequestWriter.Write(request, AnthropicBodies.Options.DefaultMaxTokens).Span);
}
