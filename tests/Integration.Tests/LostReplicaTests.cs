using System.Diagnostics;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>One of two processes is killed, frozen or stopped.</summary>
public sealed class LostReplicaTests : IAsyncLifetime
{
    // The lease, a look, and the ending itself.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly Replicas _replicas = new();

    public ValueTask InitializeAsync() => _replicas.InitializeAsync();

    public ValueTask DisposeAsync() => _replicas.DisposeAsync();

    [Fact]
    public async Task Kill_OwnerOfTurns_AnotherEndsWhatRanAndTakesOnWhatWaited()
    {
        using var running = Start("/demo rate=max hang after=3", "s");
        using var waiting = Start("/demo call=look rate=max", "w", Looking);
        var call = await waiting.UntilCallAsync();
        await running.UntilTokenAsync();
        using var follower = Resume(running);
        await follower.UntilTokenAsync();
        using var queued = Start("/demo tokens=2 rate=max", "s", request => request.OnBusy = OnBusy.Queue);
        _ = await queued.NextAsync();
        await UntilWaitingAsync();

        var killed = Stopwatch.GetTimestamp();
        await _replicas.One.Process.KillAsync();
        await follower.ToEndAsync();
        using var ended = Resume(running);
        await ended.ToEndAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, LongestEnd);

        Assert.Equal(StatusCode.Unavailable, follower.Failure?.StatusCode);
        Assert.Equal((2, StreamState.Interrupted), (ended.Session.Epoch, ended.End.State));
        using var next = Resume(queued);
        await next.ToEndAsync();
        Assert.Equal(StreamState.Completed, next.End.State);
        _ = await _replicas.Two.Client.SubmitToolResultAsync(new SubmitToolResultRequest
        {
            StreamId = waiting.Session.StreamId,
            ToolCallId = call.Id,
            Text = "a cat",
        });
        using var answered = Resume(waiting);
        await answered.ToEndAsync();
        Assert.Equal((2, StreamState.Completed), (answered.Session.Epoch, answered.End.State));
    }

    [Fact]
    public async Task Freeze_ForLongerThanALease_ItsTurnsAreOthersAndItGoesOnWithNewOnes()
    {
        _replicas.One.ExpectsErrors = true;
        using var running = Start("/demo tokens=100000 rate=50", "s");
        await running.UntilTokenAsync();

        await _replicas.One.Process.FreezeAsync();
        using var ended = Resume(running);
        await ended.ToEndAsync();
        using var last = Resume(running);
        await last.ToEndAsync();
        await _replicas.One.Process.ThawAsync();
        await running.ToEndAsync();

        Assert.Equal((2, StreamState.Interrupted), (last.Session.Epoch, last.End.State));
        Assert.Equal(StatusCode.Unavailable, running.Failure?.StatusCode);
        using var again = Resume(running, running.Events[^1].Sequence);
        await again.ToEndAsync();
        Assert.Equal(last.End, again.End);
        using var next = Start("/demo tokens=5 rate=max", "s");
        await next.ToEndAsync();
        Assert.Equal(StreamState.Completed, next.End.State);
        Assert.Contains("taken for dead", _replicas.One.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileTurnsWait_AnotherTakesThemOnAtOnce()
    {
        using var running = Start("/demo tokens=30 rate=5", "s");
        await running.UntilTokenAsync();
        using var queued = Start("/demo tokens=2 rate=max", "s", request => request.OnBusy = OnBusy.Queue);
        _ = await queued.NextAsync();

        var stopping = _replicas.One.Process.StopAsync();
        await running.ToEndAsync();
        await queued.ToEndAsync();
        _ = await stopping.InTime();

        Assert.Equal(StatusCode.Unavailable, queued.Failure?.StatusCode);
        Assert.Equal(StreamState.Completed, (await ToEndAsync(running)).State);
        Assert.Equal(StreamState.Completed, (await ToEndAsync(queued)).State);
    }

    [Fact]
    public async Task Stop_WhileAnAnswerIsMade_WhatWaitsGoesOnElsewhereMeanwhile()
    {
        using var lasting = Start("/demo tokens=100000 rate=50", "lasting");
        await lasting.UntilTokenAsync();
        using var running = Start("/demo tokens=30 rate=5", "s");
        _ = await running.NextAsync();
        using var queued = Start("/demo tokens=2 rate=max", "s", request => request.OnBusy = OnBusy.Queue);
        _ = await queued.NextAsync();
        using var waiting = Start("/demo call=look rate=max", "w", Looking);
        var call = await waiting.UntilCallAsync();
        await UntilWaitingAsync();

        var stopping = _replicas.One.Process.StopAsync();
        await queued.ToEndAsync();
        await waiting.ToEndAsync();
        Assert.Equal(StatusCode.Unavailable, queued.Failure?.StatusCode);
        Assert.Equal(StatusCode.Unavailable, waiting.Failure?.StatusCode);
        _ = await _replicas.Two.Client.SubmitToolResultAsync(new SubmitToolResultRequest
        {
            StreamId = waiting.Session.StreamId,
            ToolCallId = call.Id,
            Text = "a cat",
        });
        Assert.Equal(StreamState.Completed, (await ToEndAsync(waiting)).State);
        Assert.Equal(StreamState.Completed, (await ToEndAsync(queued)).State);

        Assert.False(stopping.IsCompleted);
        _ = await _replicas.Two.Client.CancelStreamAsync(new CancelStreamRequest { SessionId = "lasting" });
        _ = await stopping.InTime();
        Assert.Equal(StreamState.Completed, (await ToEndAsync(running)).State);
    }

    [Fact]
    public async Task Stop_WhileAnAnswerIsMade_WhatBeginsToWaitThenGoesOnElsewhereToo()
    {
        using var lasting = Start("/demo tokens=100000 rate=50", "lasting");
        await lasting.UntilTokenAsync();
        using var waiting = Start("/demo wait=2s call=look rate=max", "w", Looking);
        _ = await waiting.NextAsync();

        var stopping = _replicas.One.Process.StopAsync();
        var call = await waiting.UntilCallAsync();
        await waiting.ToEndAsync();
        Assert.Equal(StatusCode.Unavailable, waiting.Failure?.StatusCode);
        _ = await _replicas.Two.Client.SubmitToolResultAsync(new SubmitToolResultRequest
        {
            StreamId = waiting.Session.StreamId,
            ToolCallId = call.Id,
            Text = "a cat",
        });
        Assert.Equal(StreamState.Completed, (await ToEndAsync(waiting)).State);

        Assert.False(stopping.IsCompleted);
        _ = await _replicas.Two.Client.CancelStreamAsync(new CancelStreamRequest { SessionId = "lasting" });
        _ = await stopping.InTime();
    }

    private async Task UntilWaitingAsync()
    {
        using var watch = await Watch.StartAsync(_replicas.One, "w");
        _ = await watch.UntilMessageAsync(StreamState.Waiting);
    }

    private Task<StreamEnd> ToEndAsync(Reading known) =>
        Reading.ResumeToEndAsync(_replicas.Two.Client, known.Session);

    private static void Looking(StreamChatRequest request) =>
        request.Tools = new() { ClientTools = { new ClientTool { Name = "look", Description = "Looks around." } } };

    private Reading Start(string message, string session, Action<StreamChatRequest>? change = null)
    {
        var request = new StreamChatRequest { SessionId = session, Message = message };
        change?.Invoke(request);
        return Reading.Start(_replicas.One.Client, request);
    }

    private Reading Resume(Reading known, long after = 0) => Reading.Start(
        _replicas.Two.Client,
        new StreamChatRequest
        {
            Resume = new Resume
            {
                StreamId = known.Session.StreamId,
                Epoch = known.Session.Epoch,
                AfterSequence = after,
            },
        });
}
