using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIProviderTests : IAsyncLifetime
{
    private OpenAIScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await OpenAIScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task StreamAsync_Request_AsTheWireHasIt()
    {
        var answer = Transcript.LinesAsync(_scene.Ask());
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hel", "lo");

        Assert.Equal(["answer Hel", "answer lo", "usage 9 12 0 0 Measured", "finished Stop stop"], await answer);
        Assert.Equal("/v1/chat/completions", exchange.Path);
        Assert.Equal($"Bearer {OpenAIScene.Key}", exchange.Headers["Authorization"]);
        Assert.Equal("application/json", exchange.Headers["Content-Type"]);
        Assert.Equal("text/event-stream", exchange.Headers["Accept"]);
        Assert.False(exchange.Headers.ContainsKey("Accept-Encoding"));
        Assert.Equal("Hi", exchange.Body.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task StreamAsync_NoKey_NoAuthorization()
    {
        using var provider = new HttpModelProvider(
            new OpenAIModelWire(new OpenAIOptions { BaseUrl = _scene.StandIn.BaseUrl }), _scene.Time);
        var answer = Transcript.LinesAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");

        Assert.Equal("answer Hi", (await answer)[0]);
        Assert.False(exchange.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task StreamAsync_NextTokenOnlyAfterThisOneWasRead_AllArrive()
    {
        await using var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        for (var i = 0; i < 100; i++)
        {
            var next = i == 0 ? first : answer.MoveNextAsync();
            await exchange.WriteTextAsync($"token {i}");
            Assert.True(await next.InTime());
            Assert.Equal($"token {i}", answer.Current.Text);
        }

        await exchange.FinishAsync();
        Assert.True(await answer.MoveNextAsync().InTime());
        Assert.Equal(ModelEventKind.Usage, answer.Current.Kind);
        Assert.True(await answer.MoveNextAsync().InTime());
        Assert.Equal(ModelEventKind.Finished, answer.Current.Kind);
        Assert.False(await answer.MoveNextAsync().InTime());
    }

    [Fact]
    public async Task StreamAsync_AnswerAfterAnswer_OneConnection()
    {
        var connections = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var answer = Transcript.ReadAsync(_scene.Ask());
            var exchange = await _scene.StandIn.NextRequestAsync();
            _ = connections.Add(exchange.ConnectionId);
            await exchange.AnswerAsync("Hi");
            Assert.Equal(ModelEventKind.Finished, (await answer)[^1].Kind);
        }

        Assert.Single(connections);
    }

    [Fact]
    public async Task StreamAsync_EndMarkerButNoEndOfBody_FinishedAtOnceAndConnectionGivenUpSoon()
    {
        var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteAsync(OpenAIWire.Done);

        // No time passes until the answer is finished.
        Assert.True(await first.InTime());
        Assert.Equal(ModelEventKind.Finished, answer.Current.Kind);

        var left = answer.DisposeAsync().AsTask();
        Assert.False(left.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(100));
        await left.InTime();
        await exchange.Aborted.InTime();
    }

    [Fact]
    public async Task StreamAsync_CancelledBeforeHeaders_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        Assert.False(exchange.Aborted.IsCompleted);

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await OpenAIScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_CancelledWhileItWaitsForText_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var exchange = await ReadOneAsync(answer);
        var next = answer.MoveNextAsync();

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        await OpenAIScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_CancelledInAnErrorBody_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartResponseAsync(500, "application/json");
        await exchange.WriteAsync("{\"error\":");

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await OpenAIScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_LeftEarly_ConnectionGone()
    {
        var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var exchange = await ReadOneAsync(answer);

        await answer.DisposeAsync().InTime();

        await OpenAIScene.GoneAtOnceAsync(exchange);
    }

    private async Task<OpenAIExchange> ReadOneAsync(IAsyncEnumerator<ModelEvent> answer)
    {
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Hi");
        Assert.True(await first.InTime());
        Assert.Equal("Hi", answer.Current.Text);
        return exchange;
    }
}
