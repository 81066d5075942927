using System.Text;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.TestKit;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>What holds of every provider that is asked over HTTP, over real connections.</summary>
public abstract partial class ProviderContract : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    private protected abstract WireCase Wire { get; }

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(Wire);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _scene.DisposeAsync();
    }

    [Fact]
    public async Task StreamAsync_Answer_TextUsageAndWhyItFinished() => Assert.Equal(
        ["answer Hel", "answer lo", "usage 9 12 0 0 Measured", $"finished Stop {Wire.FinishReasons[0].Word}"],
        await _scene.LinesAsync(exchange => exchange.AnswerAsync("Hel", "lo")));

    [Fact]
    public async Task StreamAsync_Reasoning_ApartFromTheAnswer()
    {
        var lines = await _scene.LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteReasoningAsync("Hm");
            await exchange.WriteReasoningAsync("m");
            await exchange.WriteTextAsync("Hi");
            await exchange.FinishAsync();
        });

        Assert.Equal(["reasoning Hm", "reasoning m", "answer Hi"], lines[..3]);
    }

    [Fact]
    public async Task StreamAsync_EveryReasonToFinish_MappedAndVerbatim()
    {
        foreach (var (word, reason) in Wire.FinishReasons)
        {
            var said = await _scene.ReadAsync(async exchange =>
            {
                await exchange.StartStreamAsync();
                await exchange.FinishAsync(word);
            });

            Assert.Equal($"finished {reason} {word}", Transcript.Line(said[^1]));
        }
    }

    [Fact]
    public async Task StreamAsync_Request_JsonForAStream()
    {
        var answer = Transcript.ReadAsync(_scene.Ask());
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        _ = await answer;

        Assert.Equal("POST", exchange.Method);
        Assert.Equal("application/json", exchange.Headers["Content-Type"]);
        Assert.False(exchange.Headers.ContainsKey("Accept-Encoding"));
        Assert.True(exchange.Body.GetProperty("stream").GetBoolean());
        Assert.Equal("some-model", exchange.Body.GetProperty("model").GetString());
    }

    [Fact]
    public async Task StreamAsync_Picture_ItsBytesInTheRequest()
    {
        var bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        var picture = new Part { Image = new() { MediaType = "image/png", Data = ByteString.CopyFrom(bytes) } };
        var request = Requests.Saying("") with
        {
            Messages = [new ModelMessage(ModelRole.User, [new Part { Text = "See" }, picture])],
        };

        var answer = Transcript.ReadAsync(_scene.Ask(request));
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        _ = await answer;

        Assert.Contains(
            Convert.ToBase64String(bytes), Encoding.UTF8.GetString(exchange.RawBody), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_NextTokenOnlyAfterThisOneWasRead_AllArrive()
    {
        await using var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var exchange = await _scene.ReadOneAsync(answer);
        for (var i = 0; i < 100; i++)
        {
            var next = answer.MoveNextAsync();
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
            var said = await _scene.ReadAsync(exchange =>
            {
                _ = connections.Add(exchange.ConnectionId);
                return exchange.AnswerAsync("Hi");
            });
            Assert.Equal(ModelEventKind.Finished, said[^1].Kind);
        }

        Assert.Single(connections);
    }

    [Fact]
    public async Task StreamAsync_EndMarkerButNoEndOfBody_FinishedAtOnceAndConnectionGivenUpSoon()
    {
        var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var exchange = await _scene.ReadOneAsync(answer);
        await exchange.WriteAsync(Wire.Script().Finish());

        // No time passes until the answer is finished.
        Assert.True(await answer.MoveNextAsync().InTime());
        Assert.True(await answer.MoveNextAsync().InTime());
        Assert.Equal(ModelEventKind.Finished, answer.Current.Kind);

        var left = answer.DisposeAsync().AsTask();
        Assert.False(left.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(100));
        await left.InTime();
        await exchange.Aborted.InTime();
    }
}
