using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>One message and its answer, from the opening commit to the closing one.</summary>
internal sealed class Turn
{
    private readonly Milestone _opened = new();
    private readonly Milestone _mayRun = new();
    private readonly Milestone _completed = new();
    private readonly Lock _gate = new();
    private volatile bool _isWanted;
    private bool _hasLeft;
    private bool _isGivenAway;

    /// <param name="changed">Called when the log has something to commit.</param>
    public Turn(
        StreamRecord record, StreamChatRequest request, ModelEntry model, TurnOptions options, TimeProvider time,
        Action<Turn> changed)
    {
        Record = record;
        Request = request;
        Model = model;
        Rate = new SpeakingRate(time);
        PromptBytes = request.CalculateSize();
        var isStrict = (request.Durability == Durability.Unspecified ? options.Durability : request.Durability)
            == Durability.Strict;
        Log = new TurnLog(
            record.StreamId, record.Epoch, options.TailBytes, () => changed(this), isStrict, record.LastSequence);
    }

    public StreamRecord Record { get; }

    public StreamChatRequest Request { get; }

    public ModelEntry Model { get; }

    public TurnLog Log { get; }

    public SpeakingRate Rate { get; }

    /// <summary>The clock's timestamp of the request's arrival.</summary>
    public required long Arrived { get; init; }

    /// <summary>Completes when it is known what became of its opening, or nobody waits for that any more.</summary>
    public Task Opened => _opened.Reached;

    /// <summary>Completes when it is this turn's turn in its session.</summary>
    public Task MayRun => _mayRun.Reached;

    public bool IsQueued => !_mayRun.IsReached;

    /// <summary>It waits for its client, and the store knows: who stops the service leaves it there.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>It is in the store, and this process sees to it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>It waits, for its session or its client, and nobody has stopped it.</summary>
    public bool IsParked => HasBegun && (IsQueued || IsWaiting) && Stop.Cause == StopCause.None;

    /// <summary>Its state, as long as it has not ended.</summary>
    public StreamState OpenState =>
        IsQueued ? StreamState.Queued : IsWaiting ? StreamState.Waiting : StreamState.Running;

    /// <summary>What an earlier process made of it; null: this one began it.</summary>
    public EarlierTurn? Earlier { get; init; }

    /// <summary>Completes when the turn has ended and is saved.</summary>
    public Task Completion => _completed.Reached;

    public TurnStop Stop { get; } = new();

    /// <summary>
    /// What it holds beside its log: what was asked for, and the conversation before it. Roughly, in bytes.
    /// </summary>
    public long PromptBytes { get; set; }

    /// <summary>The tries at models, in order. Only the turn's runner and script touch them.</summary>
    public List<ModelAttempt> Attempts { get; } = [];

    /// <summary>The calls that the client answers.</summary>
    public ClientCalls ClientCalls { get; } = new();

    /// <summary>The queued turn that runs from this one's closing commit on; null: none.</summary>
    public string? SuccessorId { get; set; }

    /// <summary>The store's outage of which its readers were told last. Only the turn's runner touches it.</summary>
    public object? OutageTold { get; set; }

    /// <summary>Its request was sent again, maybe before anybody knew that it is opened: it is waited for.</summary>
    public bool IsWanted => _isWanted;

    public void EndOpening() => _opened.Reach();

    public void Promote()
    {
        lock (_gate)
        {
            if (!_hasLeft)
            {
                _mayRun.Reach();
            }
        }
    }

    /// <summary>
    /// Stops it for good here, where it waits: others go on with it. False: it does not wait, or not any more.
    /// </summary>
    /// <param name="isGivenAway">Whoever calls this gives it away, with others.</param>
    public bool Leave(bool isGivenAway)
    {
        lock (_gate)
        {
            var leaves = IsParked && Stop.TryStop(StopCause.Shutdown);
            _hasLeft |= leaves;
            _isGivenAway |= leaves && isGivenAway;
            return leaves;
        }
    }

    /// <summary>It was given away with all others that waited.</summary>
    public bool IsGivenAway
    {
        get
        {
            lock (_gate)
            {
                return _isGivenAway;
            }
        }
    }

    public void Want() => _isWanted = true;

    /// <summary>It waits for its client from now on; where the service stops, in the store.</summary>
    public void BeginWaiting(Drain drain)
    {
        lock (_gate)
        {
            IsWaiting = true;
        }

        // Whoever stops the service either sees that it waits or is seen here.
        if (drain.HasBegun)
        {
            StopIfWaiting(StopCause.Shutdown);
        }
    }

    /// <summary>It has what it waited for.</summary>
    /// <exception cref="OperationCanceledException">It was stopped while it waited.</exception>
    public void GoOn(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IsWaiting = false;
        }
    }

    public void StopIfWaiting(StopCause cause)
    {
        lock (_gate)
        {
            if (IsWaiting)
            {
                Stop.TryStop(cause);
            }
        }
    }

    public void Complete() => _completed.Reach();
}
