using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class SilenceLimitsTests : IAsyncDisposable
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly Patience Patience = new(
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), Whole: TimeSpan.FromMinutes(5));

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly SpokenModel _model = new();
    private IAsyncEnumerator<ModelEvent> _said;

    public SilenceLimitsTests() => _said = Ask(Patience);

    public async ValueTask DisposeAsync()
    {
        await _said.DisposeAsync();
        _cancel.Dispose();
    }

    [Fact]
    public Task FirstToken_NothingSaid_FailsAtTheLimit() =>
        AssertFailsAsync("FIRST_TOKEN_TIMEOUT", Patience.FirstToken);

    [Fact]
    public async Task FirstToken_WholeAnswerWanted_HasItsOwnLimit()
    {
        _said = Ask(Patience, isStreaming: false);

        await AssertFailsAsync("FIRST_TOKEN_TIMEOUT", TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData(10, 1, 5)]
    [InlineData(1, 1, 1)]
    public void ToPatience_WholeAnswer_HalfOfTheTurnButNotLessThanAFirstToken(int total, int first, int expected)
    {
        var options = new TurnOptions { Total = TimeSpan.FromMinutes(total), FirstToken = TimeSpan.FromMinutes(first) };

        Assert.Equal(TimeSpan.FromMinutes(expected), options.ToPatience().Whole);
    }

    [Fact]
    public async Task FirstToken_SignsOfLifeWithoutText_DoNotCount()
    {
        await HearAsync(ModelEvent.Used(new Usage()), after: TimeSpan.FromSeconds(9));

        await AssertFailsAsync("FIRST_TOKEN_TIMEOUT", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task FirstToken_TimeInWhichNobodyWaits_DoesNotCount()
    {
        await HearAsync(ModelEvent.Used(new Usage()), after: TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromMinutes(5));

        await AssertFailsAsync("FIRST_TOKEN_TIMEOUT", TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("reasoning")]
    [InlineData("tool call")]
    public async Task Stall_SilenceAfterTheFirstText_FailsAtTheLimit(string first)
    {
        await HearAsync(
            first switch
            {
                "answer" => ModelEvent.Answer("a"),
                "reasoning" => ModelEvent.Reasoning("a"),
                _ => ModelEvent.ToolCall(new ModelToolCall(0, "id", "tool"), ""),
            },
            after: TimeSpan.FromSeconds(9));

        await AssertFailsAsync("STALL_TIMEOUT", Patience.Stall);
    }

    [Fact]
    public async Task Stall_SignsOfLife_StartAgain()
    {
        await HearAsync(ModelEvent.Answer("a"), after: TimeSpan.Zero);
        for (var i = 0; i < 3; i++)
        {
            await HearAsync(
                i == 1 ? ModelEvent.Used(new Usage()) : ModelEvent.Answer("a"), after: Patience.Stall - Millisecond);
        }

        await AssertFailsAsync("STALL_TIMEOUT", Patience.Stall);
    }

    [Fact]
    public async Task Stall_ShorterThanTheFirstTokenLimit_CountsFromTheFirstText()
    {
        _said = Ask(Patience with { FirstToken = TimeSpan.FromSeconds(50) });
        await HearAsync(ModelEvent.Answer("a"), after: TimeSpan.FromSeconds(1));

        await AssertFailsAsync("STALL_TIMEOUT", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stall_NobodyWaits_IsNone()
    {
        await HearAsync(ModelEvent.Answer("a"), after: TimeSpan.Zero);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_model.Token.IsCancellationRequested);

        await AssertFailsAsync("STALL_TIMEOUT", Patience.Stall);
    }

    [Fact]
    public async Task Cancel_WhileTheModelIsSilent_IsNoFailure()
    {
        var next = _said.MoveNextAsync().AsTask();
        await _cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    [Fact]
    public async Task Dispose_Armed_NothingIsLeftBehind()
    {
        var next = _said.MoveNextAsync().AsTask();
        _model.Say(ModelEvent.Answer("a"));
        Assert.True(await next.InTime());
        await _said.DisposeAsync();

        Assert.Null(_time.UntilNextTimer);
    }

    private IAsyncEnumerator<ModelEvent> Ask(Patience patience, bool isStreaming = true) =>
        new SilenceLimits(_model, patience, _time)
            .StreamAsync(Requests.Saying("Hi") with { Streaming = isStreaming }, _cancel.Token).GetAsyncEnumerator();

    private async Task HearAsync(ModelEvent said, TimeSpan after)
    {
        var next = _said.MoveNextAsync().AsTask();
        _time.Advance(after);
        _model.Say(said);
        Assert.True(await next.InTime());
        Assert.Equal(said.Kind, _said.Current.Kind);
    }

    private async Task AssertFailsAsync(string reason, TimeSpan after)
    {
        var next = _said.MoveNextAsync().AsTask();
        _time.Advance(after - Millisecond);
        Assert.False(_model.Token.IsCancellationRequested);

        _time.Advance(Millisecond);
        Assert.True(_model.Token.IsCancellationRequested);
        Assert.True(await next.InTime());
        var failure = _said.Current.FailureDetail;
        Assert.Equal((reason, true), (failure.Reason, failure.Retryable));
        Assert.False(await _said.MoveNextAsync());
    }
}
