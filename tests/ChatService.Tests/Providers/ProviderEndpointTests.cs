using ChatGrpc.Model;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers;

public sealed class ProviderEndpointTests
{
    [Theory]
    [InlineData("openai", "https://example.org", "https://example.org/v1")]
    [InlineData("openai", "https://example.org/", "https://example.org/v1")]
    [InlineData("openai", "http://localhost:8000/v1/", "http://localhost:8000/v1")]
    [InlineData("openai", " https://example.org/api/v1 ", "https://example.org/api/v1")]
    [InlineData("openai", "http://[::1]:8000/openai/", "http://[::1]:8000/openai")]
    [InlineData("openrouter", "https://example.org", "https://example.org/v1")]
    [InlineData("anthropic", "https://example.org", "https://example.org/")]
    [InlineData("anthropic", "https://example.org/v1", "https://example.org/")]
    [InlineData("anthropic", "https://example.org/proxy", "https://example.org/proxy")]
    [InlineData("ollama", "example.org", "http://example.org:11434/")]
    [InlineData("ollama", "0.0.0.0", "http://127.0.0.1:11434/")]
    public void Address_AsSomebodyMaySetIt_WhereTheRequestsGo(string kind, string value, string expected) =>
        Assert.Equal(new Uri(expected), ProviderEndpoint.Address(ProviderKind.Find(kind)!, "SETTING", value));

    [Theory]
    [InlineData("openai", "localhost:8000", "no http or https URL")]
    [InlineData("openai", "/v1", "no http or https URL")]
    [InlineData("anthropic", "ftp://example.org", "no http or https URL")]
    [InlineData("openai", "https://", "no http or https URL")]
    [InlineData("ollama", "ftp://example.org", "no address")]
    [InlineData("openai", "https://me:sk-secret@example.org/v1", "credentials: move them to OPENAI_API_KEY")]
    [InlineData("openai", "https://example.org/v1?key=sk-secret", "a query or a fragment")]
    [InlineData("openai", "https://example.org/v1#x", "a query or a fragment")]
    [InlineData("openai", "https://example.org/v1/chat/completions", "ends in /chat/completions: leave that out")]
    [InlineData("anthropic", "https://example.org/v1/messages", "ends in /v1/messages: leave that out")]
    [InlineData("ollama", "localhost:11434/api/chat", "ends in /api/chat: leave that out")]
    public void Address_ThatIsNone_OneSentenceWithSettingAndFix(string kind, string value, string problem)
    {
        var exception = Assert.Throws<StartupException>(
            () => ProviderEndpoint.Address(ProviderKind.Find(kind)!, "SETTING", value));

        Assert.StartsWith("SETTING ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-a b")]
    [InlineData("sk-a\nb")]
    [InlineData("sk-ä")]
    public void Key_ThatNoHeaderTakes_SaysSoWithoutIt(string key)
    {
        var exception = Assert.Throws<StartupException>(() => ProviderEndpoint.Key("SETTING", key));

        Assert.StartsWith("SETTING ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-1\n", "sk-1")]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public void Key_WithSpacesAround_WithoutThem(string? value, string? expected) =>
        Assert.Equal(expected, ProviderEndpoint.Key("SETTING", value));
}
