using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class RetryingTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Ask_FailsBeforeText_AsksAgainAfterGrowingWaits()
    {
        var chain = Chain("a: !PROVIDER_ERROR; !PROVIDER_UNREACHABLE; Hi .");
        var said = chain.AskAsync();

        AssertWaits(TimeSpan.FromMilliseconds(250));
        AssertWaits(TimeSpan.FromMilliseconds(500));

        Assert.Equal("?a ?a ?a Hi .", await said.InTime());
    }

    [Fact]
    public async Task Ask_FailsAgainAndAgain_FailsWhenTheRetriesAreOver()
    {
        var chain = Chain("a: !PROVIDER_ERROR");
        var said = chain.AskAsync();

        Assert.True(_time.AdvanceToNextTimer());
        Assert.True(_time.AdvanceToNextTimer());

        Assert.Equal("?a ?a ?a !PROVIDER_ERROR", await said.InTime());
        Assert.Null(_time.UntilNextTimer);
    }

    [Fact]
    public void Ask_ManyRetries_NoWaitIsLongerThanTheLongest()
    {
        var chain = Chain("a: !PROVIDER_ERROR", retries: 10);
        _ = chain.AskAsync();

        for (var i = 0; i < 10; i++)
        {
            AssertWaits(TimeSpan.FromMilliseconds(Math.Min(250 * Math.Pow(2, i), 10_000)));
        }
    }

    [Theory]
    [InlineData("a: !PROVIDER_AUTHENTICATION", "?a !PROVIDER_AUTHENTICATION")]
    [InlineData("a: Hi !PROVIDER_ERROR", "?a Hi !PROVIDER_ERROR")]
    [InlineData("a: ~hm !PROVIDER_ERROR", "?a ~hm !PROVIDER_ERROR")]
    [InlineData("a: @time !PROVIDER_ERROR", "?a @time !PROVIDER_ERROR")]
    public async Task Ask_NothingToBeGained_FailsAtOnce(string line, string said) =>
        Assert.Equal(said, await Chain(line).AskAsync().InTime());

    [Fact]
    public async Task Ask_NothingComes_TheSilenceIsNotWaitedForAgain()
    {
        var said = Chain("a: hang").AskAsync();

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("?a !FIRST_TOKEN_TIMEOUT", await said.InTime());
    }

    [Fact]
    public async Task Ask_ToldWhenToComeBack_ComesBackThen()
    {
        var said = Chain("a: !PROVIDER_RATE_LIMITED; Hi .").AskAsync();

        Assert.Equal(TimeSpan.FromSeconds(5), _time.UntilNextTimer);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("?a ?a Hi .", await said.InTime());
    }

    [Fact]
    public async Task Ask_ToldToComeBackMuchLater_DoesNotWait()
    {
        var chain = Chain("a: !PROVIDER_RATE_LIMITED", maxDelay: TimeSpan.FromSeconds(4.9));

        Assert.Equal("?a !PROVIDER_RATE_LIMITED", await chain.AskAsync().InTime());
    }

    [Fact]
    public async Task Ask_Fallbacks_ComeAfterTheRetries()
    {
        var said = Chain("a: !PROVIDER_UNREACHABLE | b: Ho .").AskAsync();

        Assert.True(_time.AdvanceToNextTimer());
        Assert.True(_time.AdvanceToNextTimer());

        Assert.Equal("?a ?a ?a [MODEL a>b PROVIDER_UNREACHABLE] ?b Ho .", await said.InTime());
    }

    private ScriptedChain Chain(string line, int retries = 2, TimeSpan? maxDelay = null)
    {
        var options = new ResilienceOptions { Retries = retries };
        options.MaxDelay = maxDelay ?? options.MaxDelay;
        return new ScriptedChain(line, _time, options);
    }

    // Between half of it and all of it, by chance.
    private void AssertWaits(TimeSpan longest)
    {
        Assert.InRange(_time.UntilNextTimer!.Value, longest / 2, longest);
        _ = _time.AdvanceToNextTimer();
    }
}
