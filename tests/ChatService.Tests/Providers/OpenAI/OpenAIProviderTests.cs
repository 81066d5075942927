using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIProviderTests : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(OpenAICase.Instance);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task StreamAsync_Request_AsTheWireHasIt()
    {
        var answer = Transcript.LinesAsync(_scene.Ask());
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hel", "lo");

        Assert.Equal(["answer Hel", "answer lo", "usage 9 12 0 0 Measured", "finished Stop stop"], await answer);
        Assert.Equal("/v1/chat/completions", exchange.Path);
        Assert.Equal($"Bearer {WireCase.Key}", exchange.Headers["Authorization"]);
        Assert.Equal("text/event-stream", exchange.Headers["Accept"]);
        Assert.Equal("Hi", exchange.Body.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task StreamAsync_NoKey_NoAuthorization()
    {
        using var provider = new OpenAIProvider(new OpenAIOptions { BaseUrl = _scene.StandIn.BaseUrl }, _scene.Time);
        var answer = Transcript.LinesAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");

        Assert.Equal("answer Hi", (await answer)[0]);
        Assert.False(exchange.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task StreamAsync_Router_ItsNameAndItsHeaders()
    {
        using var provider = new OpenAIProvider(
            new OpenAIOptions
            {
                Name = "openrouter",
                BaseUrl = _scene.StandIn.BaseUrl,
                Headers = new Dictionary<string, string> { ["HTTP-Referer"] = "https://a.example", ["X-Title"] = "日本" },
            },
            _scene.Time);
        var answer = Transcript.ReadAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.RespondAsync(502, """{"error":{"code":502,"message":"No model."}}""");

        Assert.Equal("openrouter", provider.Name);
        Assert.Equal("openrouter", Assert.Single(await answer).FailureDetail.Metadata["provider"]);
        Assert.Equal("https://a.example", exchange.Headers["HTTP-Referer"]);
        Assert.Equal("日本", exchange.Headers["X-Title"]);
    }
}
