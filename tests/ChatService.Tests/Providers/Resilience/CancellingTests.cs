using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>A cancel ends the call wherever it is, and nothing is asked after it.</summary>
public sealed class CancellingTests
{
    [Theory]
    [InlineData("a: hang | b: Ho .", "a")]
    [InlineData("a+: Hi hang | b+: Ho .", "a")]
    [InlineData("a: !PROVIDER_ERROR; hang | b: Ho .", "a a/whole")]
    [InlineData("a: !CONTEXT_TOO_LONG; hang | b: Ho .", "a a/plain")]
    [InlineData("a: !PROVIDER_UNREACHABLE | b: hang | c: Ha .", "a b")]
    [InlineData("a+: Hi; hang | b: Ho .", "a a+Hi")]
    [InlineData("a: Hi | b: hang | c: Ha .", "a b")]
    public async Task Cancel_InALayer_NothingElseIsAsked(string line, string asked)
    {
        using var cancel = new CancellationTokenSource();
        var chain = new ScriptedChain(line, new ManualTimeProvider());
        var said = chain.AskAsync(cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => said.InTime());
        Assert.Equal(asked, chain.Asked);
    }

    [Fact]
    public async Task Cancel_BetweenTwoTries_TheWaitEndsAtOnce()
    {
        var time = new ManualTimeProvider();
        using var cancel = new CancellationTokenSource();
        var chain = new ScriptedChain("a: !PROVIDER_ERROR | b: Ho .", time, new ResilienceOptions());
        var said = chain.AskAsync(cancellationToken: cancel.Token);
        Assert.NotNull(time.UntilNextTimer);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => said.InTime());
        Assert.Equal("a", chain.Asked);
        Assert.Null(time.UntilNextTimer);
    }
}
