using ChatGrpc.Model;
using ChatGrpc.Providers;
using Microsoft.Extensions.Configuration;

namespace ChatGrpc.Tests.Providers;

public sealed class ProvidersOptionsTests
{
    [Theory]
    [InlineData("https://example.org", "https://example.org/v1/chat/completions")]
    [InlineData("https://example.org/", "https://example.org/v1/chat/completions")]
    [InlineData("http://localhost:8000/v1", "http://localhost:8000/v1/chat/completions")]
    [InlineData("http://localhost:8000/v1/", "http://localhost:8000/v1/chat/completions")]
    [InlineData(" https://example.org/api/v1 ", "https://example.org/api/v1/chat/completions")]
    [InlineData("https://example.org//v1", "https://example.org//v1/chat/completions")]
    [InlineData("http://[::1]:8000/openai/", "http://[::1]:8000/openai/chat/completions")]
    public void From_BaseUrl_WhereTheRequestGoes(string baseUrl, string expected) =>
        Assert.Equal(expected, From(("OPENAI_BASE_URL", baseUrl)).OpenAI!.CompletionsUrl.AbsoluteUri);

    [Theory]
    [InlineData("localhost:8000", "no http or https URL")]
    [InlineData("example", "no http or https URL")]
    [InlineData("/v1", "no http or https URL")]
    [InlineData("ftp://example.org", "no http or https URL")]
    [InlineData("https://", "no http or https URL")]
    [InlineData("https://me:sk-secret@example.org/v1", "holds credentials")]
    [InlineData("https://example.org/v1?key=sk-secret", "a query or a fragment")]
    [InlineData("https://example.org/v1#x", "a query or a fragment")]
    [InlineData("https://example.org/v1/chat/completions", "leave that out")]
    public void From_WrongBaseUrl_OneSentenceWithSettingAndFix(string baseUrl, string problem)
    {
        var exception = Assert.Throws<StartupException>(() => From(("OPENAI_BASE_URL", baseUrl)));

        Assert.StartsWith("OPENAI_BASE_URL ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("sk-a b")]
    [InlineData("sk-a\nb")]
    [InlineData("sk-ä")]
    public void From_KeyThatNoHeaderTakes_SaysSoWithoutIt(string key)
    {
        var exception = Assert.Throws<StartupException>(() => From(("OPENAI_API_KEY", key)));

        Assert.StartsWith("OPENAI_API_KEY ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_KeyWithALineBreakAtItsEnd_TheKey() =>
        Assert.Equal("sk-1", From(("OPENAI_API_KEY", "sk-1\n")).OpenAI!.ApiKey);

    [Theory]
    [InlineData("OPENAI_API_KEY", "  ")]
    [InlineData("OPENAI_BASE_URL", "")]
    [InlineData("OPENAI_MODEL", "gpt-x")]
    public void From_NothingThatCounts_NoOpenAI(string name, string value) => Assert.Null(From((name, value)).OpenAI);

    [Fact]
    public void ToString_WithAKey_DoesNotTellIt() =>
        Assert.DoesNotContain("sk-1", From(("OPENAI_API_KEY", "sk-1")).ToString(), StringComparison.Ordinal);

    private static ProvidersOptions From(params (string Name, string Value)[] settings) =>
        ProvidersOptions.From(new ConfigurationBuilder().AddInMemoryCollection(
            settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)).Build());
}
