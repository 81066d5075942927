using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>One message and its answer, from the opening commit to the closing one.</summary>
internal sealed class Turn
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="changed">Called when the log has something to commit.</param>
    public Turn(NewTurn opened, StreamChatRequest request, ModelEntry model, int tailBytes, Action<Turn> changed)
    {
        Record = opened.Stream;
        Request = request;
        Model = model;
        Log = new TurnLog(Record.StreamId, Record.Epoch, tailBytes, () => changed(this));
    }

    public StreamRecord Record { get; }

    public StreamChatRequest Request { get; }

    public ModelEntry Model { get; }

    public TurnLog Log { get; }

    /// <summary>The clock's timestamp of the request's arrival.</summary>
    public required long Arrived { get; init; }

    /// <summary>Completes when the turn has ended and is saved.</summary>
    public Task Completion => _completed.Task;

    public TurnStop Stop { get; } = new();

    /// <summary>The tries at models, in order. Only the turn's runner and script touch them.</summary>
    public List<ModelAttempt> Attempts { get; } = [];

    public void Complete() => _completed.TrySetResult();

    public SessionInfo Describe(long resumedAfter, TimeSpan retention) => new()
    {
        StreamId = Record.StreamId,
        Epoch = Record.Epoch,
        ResumedAfter = resumedAfter,
        SessionId = Record.SessionId,
        UserMessageId = Record.UserMessageId,
        MessageId = Record.MessageId,
        Model = Record.Model,
        ResolvedModel = Record.ResolvedModel,
        Provider = Record.Provider,
        State = StreamState.Running,
        RetentionSeconds = (long)retention.TotalSeconds,
    };
}
