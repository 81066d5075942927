namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaProviderTests : IAsyncLifetime
{
    private OllamaScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await OllamaScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task StreamAsync_Request_AsTheWireHasIt()
    {
        var answer = Transcript.LinesAsync(_scene.Ask());
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hel", "lo");

        Assert.Equal(["answer Hel", "answer lo", "usage 9 12 0 0 Measured", "finished Stop stop"], await answer);
        Assert.Equal("/api/chat", exchange.Path);
        Assert.Equal("application/json", exchange.Headers["Content-Type"]);
        Assert.False(exchange.Headers.ContainsKey("Authorization"));
        Assert.True(exchange.Body.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task StreamAsync_Key_SentAsABearer()
    {
        using var provider = OllamaScene.At(_scene.StandIn.BaseUrl, "key");
        var answer = Transcript.LinesAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");

        Assert.Equal("answer Hi", (await answer)[0]);
        Assert.Equal("Bearer key", exchange.Headers["Authorization"]);
    }
}
