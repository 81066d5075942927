using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class ClientCallsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(2);

    private readonly ClientCalls _calls = new();

    [Fact]
    public async Task Give_AwaitedCall_IsTakenInTheOrderOfComing()
    {
        _calls.Await(["a", "b"], DateTimeOffset.UnixEpoch);
        var first = _calls.TakeAsync(CancellationToken.None);

        Assert.Equal(GivenOutcome.Taken, Give("b", "2"));
        Assert.Equal(GivenOutcome.Taken, Give("a", "1"));

        Assert.Equal("2", (await first.InTime()).Value.Text);
        Assert.Equal("1", (await _calls.TakeAsync(CancellationToken.None).InTime()).Value.Text);
    }

    [Fact]
    public void Give_AgainOrOtherwiseOrNothingAwaited_EachIsTold()
    {
        _calls.Await(["a"], DateTimeOffset.UnixEpoch);
        _ = Give("a", "1");

        Assert.Equal(GivenOutcome.Repeated, Give("a", "1"));
        Assert.Equal(GivenOutcome.Contradicted, Give("a", "2"));
        Assert.Equal(
            GivenOutcome.Contradicted,
            _calls.Give(new ToolResult { Id = "a", Text = "1", IsError = true }, Now, out _));
        Assert.Equal(GivenOutcome.Contradicted, _calls.Give(new ToolResult { Id = "a", Json = "1" }, Now, out _));
        Assert.Equal(GivenOutcome.NotFound, Give("b", "1"));
    }

    [Fact]
    public async Task Give_WhatAnEarlierProcessTook_IsKnownAndLogged()
    {
        _calls.Settle(new ToolResult { Id = "a", Text = "1", DurationMs = 70 }).Log(sequence: 5);

        Assert.Equal(GivenOutcome.Repeated, _calls.Give(new ToolResult { Id = "a", Text = "1" }, Now, out var given));

        await given!.Logged.InTime();
        Assert.Equal(5, given.Sequence);
    }

    [Fact]
    public void Give_MoreThanATurnCanHold_IsRefusedAndMayBeShorter()
    {
        _calls.Await(["a", "b"], DateTimeOffset.UnixEpoch);
        Assert.Equal(GivenOutcome.Taken, Give("a", new string('x', 1_500_000)));

        Assert.Equal(GivenOutcome.TooLarge, Give("b", new string('x', 600_000)));
        Assert.Equal(GivenOutcome.Taken, Give("b", new string('x', 500_000)));
    }

    [Fact]
    public void Give_AsMuchAsATurnCanHold_IsTakenHoweverLongItTook()
    {
        _calls.Await(["a"], DateTimeOffset.UnixEpoch);
        var largest = new ToolResult { Id = "a", Text = new string('x', (2 * 1024 * 1024) - 7) };
        Assert.Equal(2 * 1024 * 1024, largest.CalculateSize());

        Assert.False(ClientCalls.IsTooMuch([], largest));
        Assert.Equal(GivenOutcome.Taken, _calls.Give(largest, Now, out _));
        Assert.Equal(2_000, largest.DurationMs);
    }

    [Fact]
    public async Task Take_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        _calls.Await(["a"], DateTimeOffset.UnixEpoch);
        var taking = _calls.TakeAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.InTime());
    }

    private GivenOutcome Give(string id, string text) =>
        _calls.Give(new ToolResult { Id = id, Text = text }, Now, out _);
}
