using System.Text;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Xml;

namespace ChatGrpc.Tests.Providers;

public sealed class ToolNameTests
{
    private static readonly string Long = new('a', 100);

    [Theory]
    [InlineData("get_time-2", "get_time-2")]
    [InlineData("functions.get time", "functions_get_time")]
    [InlineData("\"><b>", "___b_")]
    [InlineData("né😀", "n___")]
    [InlineData("", "_")]
    public void Near_AnyName_OneThatProvidersTake(string name, string expected)
    {
        Assert.Equal(expected, ToolName.Near(name));
        Assert.Equal(64, ToolName.Near(Long).Length);
    }

    [Fact]
    public void Write_NameThatAModelInvented_IsSentToNoProvider()
    {
        const string Invented = "what \"is\" it?";
        var request = Requests.Saying("") with
        {
            Messages =
            [
                Requests.User("Hi"),
                Requests.Assistant("") with { Calls = [new ModelCall("1", Invented, "{}")] },
                new ModelMessage(ModelRole.Tool, []) { Results = [new ModelCallResult("1", Invented, "none", true)] },
            ],
        };
        string[] sent =
        [
            Encoding.UTF8.GetString(OpenAIRequestWriter.Write(request, "max_tokens").Span),
            Encoding.UTF8.GetString(AnthropicRequestWriter.Write(request, 100).Span),
            Encoding.UTF8.GetString(OllamaRequestWriter.Write(request).Span),
            string.Concat(XmlToolPrompt.Told(request).Messages.SelectMany(one => one.Parts).Select(one => one.Text)),
        ];

        Assert.All(sent, text => Assert.Contains("\"what__is__it_\"", text, StringComparison.Ordinal));
        Assert.All(sent, text => Assert.DoesNotContain("it?", text, StringComparison.Ordinal));
    }
}
