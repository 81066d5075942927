using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>One message and its answer, from the opening commit to the closing one.</summary>
internal sealed class Turn
{
    private readonly Milestone _mayRun = new();
    private readonly Milestone _completed = new();

    /// <param name="changed">Called when the log has something to commit.</param>
    public Turn(
        StreamRecord record, StreamChatRequest request, ModelEntry model, int tailBytes, TimeProvider time,
        Action<Turn> changed)
    {
        Record = record;
        Request = request;
        Model = model;
        Rate = new SpeakingRate(time);
        Log = new TurnLog(record.StreamId, record.Epoch, tailBytes, () => changed(this));
    }

    public StreamRecord Record { get; }

    public StreamChatRequest Request { get; }

    public ModelEntry Model { get; }

    public TurnLog Log { get; }

    public SpeakingRate Rate { get; }

    /// <summary>The clock's timestamp of the request's arrival.</summary>
    public required long Arrived { get; init; }

    /// <summary>Completes when it is this turn's turn in its session.</summary>
    public Task MayRun => _mayRun.Reached;

    public bool IsQueued => !_mayRun.IsReached;

    /// <summary>Completes when the turn has ended and is saved.</summary>
    public Task Completion => _completed.Reached;

    public TurnStop Stop { get; } = new();

    /// <summary>The tries at models, in order. Only the turn's runner and script touch them.</summary>
    public List<ModelAttempt> Attempts { get; } = [];

    /// <summary>The queued turn that runs from this one's closing commit on; null: none.</summary>
    public string? SuccessorId { get; set; }

    public void Promote() => _mayRun.Reach();

    public void Complete() => _completed.Reach();
}
