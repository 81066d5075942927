using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Tests.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>A turn that another process runs: the tests' own commits.</summary>
internal sealed class ForeignTurn(TurnScene scene)
{
    private readonly NewTurn _turn = Sample.Turn("session", TurnScene.Tenant);

    public StreamRecord Stream => _turn.Stream;

    public Task OpenAsync() => OpenAsync(_turn, OpenOutcome.Opened);

    /// <summary>It has to wait for another one of its session.</summary>
    public Task QueueAsync() => OpenAsync(_turn with { MaxTurnsAhead = 9 }, OpenOutcome.Queued);

    /// <summary>Tokens.</summary>
    /// <param name="taker">The epoch in which somebody takes the turn over with them; 0: nobody does.</param>
    public Task WriteAsync(long first, long last, long epoch = 1, long taker = 0) =>
        CommitAsync(Sample.Write(_turn, first, last), epoch, taker);

    /// <summary>The end, as the turn's next event.</summary>
    public Task EndAsync(long sequence, long epoch = 1, long taker = 0, StreamState state = StreamState.Completed)
    {
        var end = new StreamChatResponse
        {
            Sequence = sequence,
            StreamEnd = new StreamEnd { State = state, LastSequence = sequence },
        };
        return CommitAsync(
            new TurnWrite(Stream.StreamId, epoch, [end], Sample.Closing(state: state)), epoch, taker);
    }

    /// <summary>The model calls a tool of the client's.</summary>
    /// <param name="state">WAITING: nothing else is missing.</param>
    public Task CallAsync(long sequence, string callId, StreamState state = StreamState.Running) =>
        StepAsync(1, StepKind.Model, state, new StreamChatResponse
        {
            Sequence = sequence,
            ToolCall = new ToolCall { Id = callId, Name = "look", Kind = ToolKind.Client, ArgumentsJson = "{}" },
        });

    /// <summary>The turn takes a result.</summary>
    public Task TakeAsync(long sequence, ToolResult result) => StepAsync(
        (int)sequence, StepKind.Tools, StreamState.Running,
        new StreamChatResponse { Sequence = sequence, ToolResult = result });

    public async Task DeleteAsync() => Assert.Equal(
        DeleteOutcome.Deleted,
        (await scene.Store.DeleteSessionAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime())
            .Outcome);

    /// <summary>What a watcher was told of it, in short: session_info with its epoch and place.</summary>
    public static string Told(Watch watch) =>
        string.Join(' ', watch.Responses.Where(told => told.Heartbeat is null).Select(told => told switch
        {
            { TurnEvent.Event.SessionInfo: { } info } => $"SessionInfo:{info.Epoch}@{info.ResumedAfter}",
            { TurnEvent: { } next } => $"{next.Event.Sequence}",
            { Message: { } message } => $"{message.Role}:{message.State.ToString().ToUpperInvariant()}",
            _ => $"{told.UpdateCase}",
        }));

    private async Task OpenAsync(NewTurn turn, OpenOutcome expected) => Assert.Equal(
        expected, (await scene.Store.OpenTurnAsync(turn, CancellationToken.None).InTime()).Outcome);

    private Task StepAsync(int number, StepKind kind, StreamState state, StreamChatResponse said) => CommitAsync(
        new TurnWrite(Stream.StreamId, Epoch: 1, [said])
        {
            State = state,
            Steps = [new TurnStep(number, kind, StreamState.Completed, [said])],
        },
        epoch: 1, taker: 0);

    private async Task CommitAsync(TurnWrite write, long epoch, long taker)
    {
        var owned = write with { Epoch = epoch, NewEpoch = taker == 0 ? epoch : taker };
        var results = await scene.Store.CommitAsync([owned], CancellationToken.None).InTime();
        Assert.Equal(WriteOutcome.Committed, results[0].Outcome);
    }
}
