using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIRequestWriterTests
{
    [Fact]
    public void Write_TextAlone_NothingThatWasNotAsked() => Assert.Equal(
        """{"model":"some-model","messages":[{"role":"user","content":"Hi"}],"""
        + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        Written(Requests.Saying("Hi")));

    [Fact]
    public void Write_Conversation_RolesInOrder()
    {
        var request = Requests.Saying("") with
        {
            Instructions = "Be brief.",
            Messages = [Requests.User("Hi"), Requests.Assistant("Hello"), Requests.User("Bye")],
        };

        Assert.Contains(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},"""
            + """{"role":"assistant","content":"Hello"},{"role":"user","content":"Bye"}]""",
            Written(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Settings_AllSent()
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
            """
            "temperature":0.5,"top_p":0.25,"max_tokens":2147483647,"stop":["END","\n"],"seed":-9223372036854775808}
            """,
            Written(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://api.openai.com:444/v1", "max_completion_tokens")]
    [InlineData("http://localhost:8000/v1", "max_tokens")]
    [InlineData("https://api.openai.com.example/v1", "max_tokens")]
    public void MaxTokensName_ByHost_WhatTheServerKnows(string baseUrl, string expected) =>
        Assert.Equal(expected, new OpenAIOptions { BaseUrl = new Uri(baseUrl) }.MaxTokensName);

    [Theory]
    [InlineData("日本語 😀 مرحبا <&>")]
    [InlineData("quotes \" and \\ and \u0001 and \u2028")]
    public void Write_AnyText_ComesBackTheSame(string text) =>
        Assert.Equal(text, ContentOf(Requests.Saying(text)).GetString());

    [Fact]
    public void Write_ChineseText_NotEscaped() =>
        Assert.Contains("\"你好\"", Written(Requests.Saying("你好")), StringComparison.Ordinal);

    [Fact]
    public void Write_HalfACharacter_ReplacementCharacter() =>
        Assert.Equal("a\ufffdb", ContentOf(Requests.Saying("a\ud83db")).GetString());

    [Theory]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3073)]
    [InlineData(1_000_000)]
    public void Write_Picture_DataUriOfItsBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var picture = new Part { Image = new() { MediaType = "image/png", Data = ByteString.CopyFrom(bytes) } };
        var request = Requests.Saying("") with
        {
            Messages = [new ModelMessage(ModelRole.User, [new Part { Text = "See" }, picture])],
        };

        var content = ContentOf(request);

        Assert.Equal("See", content[0].GetProperty("text").GetString());
        Assert.Equal("image_url", content[1].GetProperty("type").GetString());
        Assert.Equal(
            $"data:image/png;base64,{Convert.ToBase64String(bytes)}",
            content[1].GetProperty("image_url").GetProperty("url").GetString());
    }

    [Fact]
    public void Write_Tools_CallsResultsAndWhatCanBeCalled()
    {
        var written = Written(Requests.WithTools());

        Assert.Contains(
            """
            {"role":"assistant","content":"I look.","tool_calls":[{"id":"call_1","type":"function","function":
            {"name":"get_time","arguments":"{\"zone\": \"UTC\"}"}},{"id":"call_2","type":"function","function":
            {"name":"add","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"12:00"},
            {"role":"tool","tool_call_id":"call_2","content":"Error: no numbers"},{"role":"user","content":"And now?"}]
            """.ReplaceLineEndings(""),
            written, StringComparison.Ordinal);
        Assert.Contains(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_time\",\"description\":\"Says the time.\","
            + "\"parameters\":{\"type\": \"object\"}}}]",
            written, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CallsWithoutText_ContentIsNull()
    {
        var called = new ModelMessage(ModelRole.Assistant, []) { Calls = [new ModelCall("a", "b", "{}")] };

        Assert.Equal(
            JsonValueKind.Null, ContentOf(Requests.Saying("") with { Messages = [called] }).ValueKind);
    }

    [Fact]
    public void Write_Schema_FormatThatIsNotStrict() => Assert.Contains(
        """
        "response_format":{"type":"json_schema","json_schema":
        {"name":"trip","schema":{"type": "object"},"strict":false}}
        """.ReplaceLineEndings(""),
        Written(Requests.Saying("Hi") with { Schema = new ModelSchema("trip", """{"type": "object"}""") }),
        StringComparison.Ordinal);

    [Fact]
    public void Write_WholeAnswer_NoStreamAndNoOptionsOfOne() => Assert.EndsWith(
        "],\"stream\":false}", Written(Requests.Saying("Hi") with { Streaming = false }), StringComparison.Ordinal);

    private static JsonElement ContentOf(ModelRequest request) =>
        JsonSerializer.Deserialize<JsonElement>(Written(request)).GetProperty("messages")[0].GetProperty("content");

    private static string Written(ModelRequest request) =>
        System.Text.Encoding.UTF8.GetString(OpenAIRequestWriter.Write(request, "max_tokens").Span);
}
