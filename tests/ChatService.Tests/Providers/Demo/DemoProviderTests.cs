using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task StreamAsync_Tokens_SoManyAndTheirUsage()
    {
        var lines = await LinesAsync("/demo tokens=3 rate=max reasoning=2");

        Assert.Equal(
            [
                "reasoning Hm, ", "reasoning let ", "answer alpha ", "answer bravo ", "answer charlie ",
                "usage 4 5 0 2 Measured", "finished Stop stop",
            ],
            lines);
    }

    [Fact]
    public async Task StreamAsync_RateMax_NoTimerAtAll()
    {
        await using var said = Ask("/demo tokens=100000 rate=max").GetAsyncEnumerator(CancellationToken.None);
        for (var i = 0; i < 100_002; i++)
        {
            var next = said.MoveNextAsync();
            Assert.True(next.IsCompleted);
            Assert.True(await next);
        }

        Assert.Equal(ModelEventKind.Finished, said.Current.Kind);
        Assert.Null(_time.UntilNextTimer);
    }

    [Fact]
    public async Task StreamAsync_RateMax_NothingAllocatedForADelta()
    {
        await using var said = Ask("/demo tokens=10000 rate=max").GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await said.MoveNextAsync());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 10_000; i++)
        {
            if (!await said.MoveNextAsync())
            {
                break;
            }
        }

        // Less than a byte each, where the smallest object has 24: the runtime allocates a little of its own on this
        // thread when it compiles a loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public async Task StreamAsync_WaitAndRate_EachDeltaWhenItIsDue()
    {
        var said = await TimedAsync("/demo tokens=3 rate=50 wait=2s");

        Assert.Equal([2_020, 2_040, 2_060], said.Take(3).Select(delta => delta.At.TotalMilliseconds));
    }

    [Fact]
    public async Task StreamAsync_ReaderIsLate_LaterDeltasAreNotDelayed()
    {
        await using var said = Ask("/demo tokens=5 rate=10").GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = said.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await first.InTime());
        for (var i = 1; i < 5; i++)
        {
            Assert.True(await said.MoveNextAsync().InTime());
        }

        Assert.Equal(TimeSpan.FromSeconds(1), _time.Elapsed);
    }

    [Fact]
    public async Task StreamAsync_NaturalAnswer_AboutFortyDeltasASecondUnevenly()
    {
        var said = await TimedAsync("What can you do?");
        var answer = said.Where(delta => delta.Said.Kind == ModelEventKind.Answer).ToList();

        Assert.InRange(answer.Count / answer[^1].At.TotalSeconds, 36, 44);
        Assert.True(answer.Zip(answer.Skip(1), (one, next) => (next.At - one.At).Milliseconds).Distinct().Count() > 5);
        Assert.All(answer, delta => Assert.InRange(delta.Said.Text.Trim().Length, 0, 12));
    }

    [Fact]
    public async Task StreamAsync_SameRequestTwice_TheSameAtTheSameTimes()
    {
        var first = await TimedAsync("Tell me about sessions.");
        var start = _time.Elapsed;
        var second = await TimedAsync("Tell me about sessions.");

        Assert.Equal(
            first.Select(delta => (delta.At, Transcript.Line(delta.Said))),
            second.Select(delta => (delta.At - start, Transcript.Line(delta.Said))));
    }

    [Fact]
    public async Task StreamAsync_OtherSeed_SameTextOtherTimes()
    {
        var request = Requests.Saying("Tell me about sessions.");
        var first = await TimedAsync(request with { Seed = 1 });
        var start = _time.Elapsed;
        var second = await TimedAsync(request with { Seed = -2 });

        Assert.Equal(Lines(first), Lines(second));
        Assert.NotEqual(first.Select(delta => delta.At), second.Select(delta => delta.At - start));
    }

    [Theory]
    [InlineData("tokens=4", 4)]
    [InlineData("\nshow 😀 twice: 😀", null)]
    public async Task StreamAsync_SplitEmoji_HalvesThatMakeWholeText(string words, int? count)
    {
        var said = await Transcript.ReadAsync(Ask($"/demo rate=max split-emoji {words}"));
        var deltas = said.Where(delta => delta.Kind == ModelEventKind.Answer).Select(delta => delta.Text).ToList();

        var halves = deltas.Where(delta => char.IsHighSurrogate(delta[^1])).ToList();
        Assert.True(halves.Count >= 2);
        Assert.Equal(count ?? deltas.Count, deltas.Count);
        Assert.DoesNotContain('\ufffd', string.Concat(string.Concat(deltas).EnumerateRunes()));
        Assert.DoesNotContain(deltas, delta => delta[..^1].Any(char.IsHighSurrogate));
    }

    [Theory]
    [InlineData("network", "PROVIDER_UNREACHABLE")]
    [InlineData("provider", "PROVIDER_ERROR")]
    [InlineData("authentication", "PROVIDER_AUTHENTICATION")]
    [InlineData("rate-limited", "PROVIDER_RATE_LIMITED")]
    [InlineData("model-unavailable", "MODEL_UNAVAILABLE")]
    [InlineData("content-filtered", "CONTENT_FILTERED")]
    [InlineData("context-too-long", "CONTEXT_TOO_LONG")]
    public async Task StreamAsync_Fail_BeforeOrAfterText(string fault, string reason)
    {
        Assert.Equal([$"failed {reason}"], await LinesAsync($"/demo tokens=5 rate=max reasoning=1 fail={fault}"));
        Assert.Equal(
            ["reasoning Hm, ", "answer alpha ", $"failed {reason}"],
            await LinesAsync($"/demo tokens=5 rate=max reasoning=1 fail={fault} after=2"));
    }

    [Fact]
    public async Task StreamAsync_FailRateLimited_TellsWhenToTryAgain()
    {
        var said = Assert.Single(await Transcript.ReadAsync(Ask("/demo fail=rate-limited retry-after=3s")));

        Assert.Equal(TimeSpan.FromSeconds(3), said.FailureDetail.RetryAfter);
    }

    [Fact]
    public async Task StreamAsync_FailAfterMoreThanThereIs_FailsAtTheEndOfTheText() => Assert.Equal(
        ["answer alpha ", "failed PROVIDER_ERROR"], await LinesAsync("/demo tokens=1 rate=max fail=provider after=9"));

    [Fact]
    public async Task StreamAsync_Cut_EndsWithoutAWord() =>
        Assert.Equal(["answer alpha ", "answer bravo "], await LinesAsync("/demo tokens=5 rate=max cut after=2"));

    [Fact]
    public async Task StreamAsync_Hang_NothingMoreUntilCancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var said = Ask("/demo tokens=5 rate=max hang after=1").GetAsyncEnumerator(cancel.Token);
        Assert.True(await said.MoveNextAsync());
        var next = said.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(next.IsCompleted);

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    [Theory]
    [InlineData("/demo tokens=5 wait=1m")]
    [InlineData("/demo tokens=5 rate=0.1")]
    public async Task StreamAsync_CancelledWhileItWaits_Throws(string message)
    {
        using var cancel = new CancellationTokenSource();
        await using var said = Ask(message).GetAsyncEnumerator(cancel.Token);
        var next = said.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    [Fact]
    public async Task StreamAsync_CancelledAtRateMax_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var said = Ask("/demo tokens=5 rate=max").GetAsyncEnumerator(cancel.Token);
        Assert.True(await said.MoveNextAsync());

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await said.MoveNextAsync());
    }

    [Fact]
    public async Task StreamAsync_MalformedDirective_RejectedWithWhatIsWrong()
    {
        var said = Assert.Single(await Transcript.ReadAsync(Ask("/demo tokns=5")));

        Assert.Equal("PROVIDER_REJECTED_REQUEST", said.FailureDetail.Reason);
        Assert.Contains("tokns=5", said.FailureDetail.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "usage 4 2 0 1 Measured", "finished Length length")]
    [InlineData(4, "usage 4 4 0 1 Measured", "finished Stop stop")]
    [InlineData(99, "usage 4 4 0 1 Measured", "finished Stop stop")]
    public async Task StreamAsync_MaxOutputTokens_Kept(long max, params string[] ending)
    {
        var request = Requests.Saying("/demo tokens=3 rate=max reasoning=1") with { MaxOutputTokens = max };

        Assert.Equal(ending, (await Transcript.LinesAsync(Ask(request))).TakeLast(2));
    }

    [Fact]
    public async Task StreamAsync_FaultBeyondMaxOutputTokens_EndsByLength()
    {
        var request = Requests.Saying("/demo tokens=9 rate=max fail=network after=5") with { MaxOutputTokens = 2 };

        Assert.Equal("finished Length length", (await Transcript.LinesAsync(Ask(request)))[^1]);
    }

    [Theory]
    [InlineData("delta", "alpha bravo charlie ")]
    [InlineData("vo ch", "alpha bra")]
    [InlineData("alpha", "")]
    [InlineData("nowhere", "alpha bravo charlie delta ")]
    public async Task StreamAsync_Stop_TextBeforeIt(string stop, string expected)
    {
        var request = Requests.Saying("/demo tokens=5 rate=max") with { Stop = ["echo", stop] };

        var said = await Transcript.ReadAsync(Ask(request));

        Assert.Equal(expected, string.Concat(said.Where(s => s.Kind == ModelEventKind.Answer).Select(s => s.Text)));
        Assert.Equal("finished Stop stop", Transcript.Line(said[^1]));
    }

    [Fact]
    public async Task StreamAsync_NoMessages_StillAnswers() =>
        Assert.Equal("finished Stop stop", Lines(await TimedAsync(Requests.Saying("") with { Messages = [] }))[^1]);

    private IAsyncEnumerable<ModelEvent> Ask(ModelRequest request) =>
        new DemoProvider(_time).StreamAsync(request, CancellationToken.None);

    private IAsyncEnumerable<ModelEvent> Ask(string message) => Ask(Requests.Saying(message));

    private Task<List<string>> LinesAsync(string message) => Transcript.LinesAsync(Ask(message));

    private Task<List<(TimeSpan At, ModelEvent Said)>> TimedAsync(ModelRequest request) =>
        Transcript.ReadTimedAsync(Ask(request), _time);

    private Task<List<(TimeSpan At, ModelEvent Said)>> TimedAsync(string message) =>
        TimedAsync(Requests.Saying(message));

    private static List<string> Lines(List<(TimeSpan At, ModelEvent Said)> said) =>
        [.. said.Select(delta => Transcript.Line(delta.Said))];
}
