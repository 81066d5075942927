using System.Text;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>Answers that are asked for in one piece.</summary>
public abstract partial class ProviderContract
{
    [Fact]
    public async Task StreamAsync_WholeAnswer_TheSameEventsAsAStream()
    {
        var lines = await _scene.WholeLinesAsync(exchange => exchange.AnswerWholeAsync(
            new ScriptedAnswer("日本 😀\na\0b") { Reasoning = "Hm, ünïcode" }));

        Assert.Equal(
            [
                "answer 日本 😀\na\0b", $"finished Stop {Wire.FinishReasons[0].Word}", "reasoning Hm, ünïcode",
                "usage 9 12 0 0 Measured",
            ],
            lines.Order(StringComparer.Ordinal));
        Assert.StartsWith("finished", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_WholeAnswer_AskedForAsOne()
    {
        ProviderExchange? seen = null;
        _ = await _scene.WholeLinesAsync(exchange =>
        {
            seen = exchange;
            return exchange.AnswerAsync("Hi");
        });

        Assert.False(seen!.Body.GetProperty("stream").GetBoolean());
        Assert.False(seen.Body.TryGetProperty("stream_options", out _));
        Assert.Equal("application/json", seen.Headers["Accept"]);
    }

    [Fact]
    public async Task StreamAsync_EveryReasonToFinishOfAWholeAnswer_MappedAndVerbatim()
    {
        foreach (var (word, reason) in Wire.FinishReasons)
        {
            var lines = await _scene.WholeLinesAsync(exchange =>
                exchange.AnswerWholeAsync(new ScriptedAnswer("Hi") { Reason = word }));

            Assert.Equal($"finished {reason} {word}", lines[^1]);
        }
    }

    [Fact]
    public async Task StreamAsync_StreamThoughAWholeAnswerWasWanted_ReadAsOne() => Assert.Equal(
        ["answer Hel", "answer lo", "usage 9 12 0 0 Measured", $"finished Stop {Wire.FinishReasons[0].Word}"],
        await _scene.WholeLinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hel");
            await exchange.WriteTextAsync("lo");
            await exchange.FinishAsync();
        }));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"content\":\"Hi\"")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"content\":\"Hi\",\"done\":false}")]
    [InlineData("Ollama is running")]
    public async Task StreamAsync_WholeBodyThatIsNoAnswer_FailsForGood(string body)
    {
        var said = await _scene.ReadAsync(
            Requests.Saying("Hi") with { Streaming = false }, exchange => exchange.RespondAsync(200, body));

        var failure = Assert.Single(said).FailureDetail;
        Assert.Equal(("PROVIDER_ERROR", false), (failure.Reason, failure.Retryable));
        Assert.DoesNotContain("stream", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_WholeBodyCutAnywhere_IsNeverAnAnswer()
    {
        var whole = Encoding.UTF8.GetBytes(Wire.Script().Whole(new ScriptedAnswer("Hi") { Calls = Calls }));
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole.AsMemory(0, length);
            var lines = await _scene.WholeLinesAsync(async exchange =>
            {
                await exchange.StartResponseAsync(200, "application/json");
                await exchange.WriteAsync(cut);
                exchange.End();
            });

            Assert.Equal("failed PROVIDER_ERROR", lines[^1]);
        }
    }

    [Fact]
    public async Task StreamAsync_ErrorWithSuccessOfAWholeAnswer_ItsWordsWithoutTheKey()
    {
        var said = await _scene.ReadAsync(
            Requests.Saying("Hi") with { Streaming = false },
            exchange => exchange.RespondAsync(200, Wire.ErrorBody($"What is '{WireCase.Key}'?")));

        var failure = Assert.Single(said).FailureDetail;
        Assert.Contains("What is", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(WireCase.Key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_WholeAnswerBeyondTheLimit_FailsAndLetsGo()
    {
        ProviderExchange? seen = null;
        var lines = await _scene.WholeLinesAsync(async exchange =>
        {
            seen = exchange;
            await exchange.StartResponseAsync(200, "application/json");
            await exchange.WriteAsync(new string(' ', EventTooLargeException.MaxBytes + 1));
        });

        Assert.Equal(["failed PROVIDER_ERROR"], lines);
        await ProviderScene.GoneAtOnceAsync(seen!);
    }

    [Fact]
    public async Task StreamAsync_WholeAnswerBroken_Unreachable() => Assert.Equal(
        ["failed PROVIDER_UNREACHABLE"],
        await _scene.WholeLinesAsync(async exchange =>
        {
            await exchange.StartResponseAsync(200, "application/json");
            await exchange.WriteAsync("{");
            exchange.Reset();
        }));

    [Fact]
    public async Task StreamAsync_CancelledInAWholeAnswer_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask(Requests.Saying("Hi") with { Streaming = false })
            .GetAsyncEnumerator(cancel.Token);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartResponseAsync(200, "application/json");
        await exchange.WriteAsync("{");

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await ProviderScene.GoneAtOnceAsync(exchange);
    }
}
