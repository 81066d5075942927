using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicProviderTests : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(AnthropicCase.Instance);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task StreamAsync_Request_AsTheWireHasIt()
    {
        var answer = Transcript.ReadAsync(_scene.Ask());
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        _ = await answer;

        Assert.Equal("/v1/messages", exchange.Path);
        Assert.Equal(WireCase.Key, exchange.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", exchange.Headers["anthropic-version"]);
        Assert.Equal("text/event-stream", exchange.Headers["Accept"]);
        Assert.False(exchange.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task StreamAsync_NoKeyAndAnotherBound_NoHeaderAndThatBound()
    {
        var options = new AnthropicOptions { BaseUrl = _scene.StandIn.BaseUrl, DefaultMaxTokens = 8192 };
        using var provider = new AnthropicProvider(options, _scene.Time);
        var answer = Transcript.ReadAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.RespondAsync(401, "{}");

        Assert.Contains("has none", Assert.Single(await answer).FailureDetail.Message, StringComparison.Ordinal);
        Assert.False(exchange.Headers.ContainsKey("x-api-key"));
        Assert.Equal(8192, exchange.Body.GetProperty("max_tokens").GetInt64());
    }

    [Theory]
    [InlineData(1.01, "END", "Hi", "a temperature from 0 to 1")]
    [InlineData(2, "END", "Hi", "a temperature from 0 to 1")]
    [InlineData(1, "\n", "Hi", "no stop text of white space")]
    [InlineData(1, "END", " \n", "no message of white space")]
    public async Task StreamAsync_WhatTheWireCannotTake_RefusedBeforeItIsSent(
        double temperature, string stop, string text, string says)
    {
        var request = Requests.Saying(text) with { Temperature = temperature, Stop = [stop] };

        // The stand-in would answer nothing: it would be waited for in vain.
        var failure = Assert.Single(await Transcript.ReadAsync(_scene.Ask(request))).FailureDetail;

        Assert.Equal(("PROVIDER_REJECTED_REQUEST", false), (failure.Reason, failure.Retryable));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.anthropic.com", "https://api.anthropic.com/v1/messages")]
    [InlineData("http://localhost:1234/", "http://localhost:1234/v1/messages")]
    [InlineData("https://example.org/anthropic", "https://example.org/anthropic/v1/messages")]
    public void MessagesUrl_BaseUrl_WhereTheRequestGoes(string baseUrl, string expected) =>
        Assert.Equal(expected, new AnthropicOptions { BaseUrl = new Uri(baseUrl) }.MessagesUrl.AbsoluteUri);
}
