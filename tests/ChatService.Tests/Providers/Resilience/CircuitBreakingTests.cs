using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class CircuitBreakingTests
{
    private const string Open = "!PROVIDER_CIRCUIT_OPEN";
    private const int Calls = 4;

    private readonly ManualTimeProvider _time = new();

    private readonly ResilienceOptions _options =
        new() { Retries = 0, CircuitCalls = Calls, CircuitBreak = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData("!PROVIDER_UNREACHABLE")]
    [InlineData("!PROVIDER_ERROR")]
    [InlineData("")]
    [InlineData("Hi !PROVIDER_ERROR")]
    [InlineData("Hi")]
    public async Task Ask_FailsAllTheTime_IsNotCalledAnyMore(string tries)
    {
        var chain = await BrokenAsync(tries);

        var said = await chain.AskAsync();

        Assert.Equal(Open, said);
        Assert.Equal(Calls, chain.Models[0].Requests.Count);
    }

    [Theory]
    [InlineData("!PROVIDER_REJECTED_REQUEST")]
    [InlineData("!CONTENT_FILTERED")]
    [InlineData("!CONTEXT_TOO_LONG")]
    [InlineData("!PROVIDER_RATE_LIMITED")]
    [InlineData("Hi .")]
    public async Task Ask_TheProviderAnswers_IsCalledAgain(string tries)
    {
        var chain = new ScriptedChain($"a: {tries}", _time, _options);
        for (var i = 0; i < 3 * Calls; i++)
        {
            Assert.NotEqual(Open, await chain.AskAsync());
        }
    }

    [Fact]
    public async Task Ask_Open_TellsWhenToComeBackAndIsNotRetried()
    {
        _options.Retries = 2;
        var chain = new ScriptedChain("a: Hi !PROVIDER_ERROR", _time, _options);
        await AskAsync(chain, Calls);
        _time.Advance(TimeSpan.FromSeconds(5));

        await foreach (var said in chain.Chain.StreamAsync(ScriptedChain.Request, CancellationToken.None))
        {
            Assert.Equal(ModelEventKind.Failed, said.Kind);
            Assert.Equal(TimeSpan.FromSeconds(15), said.FailureDetail.RetryAfter);
        }

        Assert.Equal(Calls, chain.Models[0].Requests.Count);
    }

    [Fact]
    public async Task Ask_Open_TheNextModelIsAskedAtOnce()
    {
        var chain = new ScriptedChain("a: !PROVIDER_UNREACHABLE | b: Ho .", _time, _options);
        await AskAsync(chain, Calls);

        Assert.Equal("[MODEL a>b PROVIDER_CIRCUIT_OPEN] ?b Ho .", await chain.AskAsync());
    }

    [Fact]
    public async Task Ask_AfterTheBreak_OneCallTriesAndTheOthersWaitForItsFirstWord()
    {
        var chain = await BrokenAsync(
            string.Concat(Enumerable.Repeat("!PROVIDER_ERROR; ", Calls)) + "Hi . ; Ho .");
        _time.Advance(_options.CircuitBreak);
        await using var trial = Ask(chain, CancellationToken.None);
        Assert.True(await trial.MoveNextAsync());

        Assert.Equal(Open, await chain.AskAsync());
        Assert.True(await trial.MoveNextAsync());
        Assert.Equal("Hi", trial.Current.Text);

        Assert.Equal("?a Ho .", await chain.AskAsync());
    }

    [Fact]
    public async Task Ask_TheTrialFails_TheBreakBeginsAnew()
    {
        var chain = await BrokenAsync("!PROVIDER_ERROR");
        _time.Advance(_options.CircuitBreak);
        Assert.Equal("?a !PROVIDER_ERROR", await chain.AskAsync());

        _time.Advance(_options.CircuitBreak - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Open, await chain.AskAsync());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("?a !PROVIDER_ERROR", await chain.AskAsync());
    }

    [Fact]
    public async Task Cancel_TheTrial_TheNextCallTries()
    {
        var chain = await BrokenAsync("!PROVIDER_ERROR");
        _time.Advance(_options.CircuitBreak);
        var trial = Ask(chain, CancellationToken.None);
        Assert.True(await trial.MoveNextAsync());
        await trial.DisposeAsync();

        Assert.Equal("?a !PROVIDER_ERROR", await chain.AskAsync());
    }

    [Fact]
    public async Task Cancel_AllTheTime_IsNoFailure()
    {
        var chain = new ScriptedChain("a: hang", _time, _options);
        for (var i = 0; i < 3 * Calls; i++)
        {
            using var cancel = new CancellationTokenSource();
            var said = chain.AskAsync(cancellationToken: cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => said.InTime());
        }

        Assert.Equal(3 * Calls, chain.Models[0].Requests.Count);
    }

    [Fact]
    public void Of_MoreModelsThanAnybodyHas_TheLongestUnaskedIsForgotten()
    {
        var circuits = new Circuits(_options, _time);
        var model = new SpokenModel();
        var (first, second) = (circuits.Of(model, "first"), circuits.Of(model, "second"));
        for (var i = 0; i < 1_000; i++)
        {
            _ = circuits.Of(model, $"{i}");
            Assert.Same(first, circuits.Of(model, "first"));
        }

        Assert.NotSame(second, circuits.Of(model, "second"));
        Assert.NotSame(first, circuits.Of(new SpokenModel(), "first"));
        Assert.Equal(256, circuits.Count);
    }

    private static IAsyncEnumerator<ModelEvent> Ask(ScriptedChain chain, CancellationToken cancellationToken) =>
        chain.Chain.StreamAsync(ScriptedChain.Request, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private static async Task AskAsync(ScriptedChain chain, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.NotEqual(Open, await chain.AskAsync());
        }
    }

    private async Task<ScriptedChain> BrokenAsync(string tries)
    {
        var chain = new ScriptedChain($"a: {tries}", _time, _options);
        await AskAsync(chain, Calls);
        return chain;
    }
}
