using Chat.V1;

namespace ChatGrpc.Storage;

/// <summary>A node of a session's tree of messages.</summary>
/// <param name="Status">RUNNING for a placeholder, then the state in which its turn ended.</param>
internal sealed record MessageRecord(
    string MessageId,
    string? ParentId,
    MessageRole Role,
    string Author,
    IReadOnlyList<Part> Parts,
    StreamState Status)
{
    /// <summary>What was done for an answer beside its text.</summary>
    public IReadOnlyList<TurnStep> Steps { get; init; } = [];
}

/// <summary>A turn's row: who it belongs to and where it stands.</summary>
internal sealed record StreamRecord
{
    public required string StreamId { get; init; }

    public required string TenantId { get; init; }

    public required string SessionId { get; init; }

    public required string UserMessageId { get; init; }

    /// <summary>The answer's message.</summary>
    public required string MessageId { get; init; }

    /// <summary>Alias of the model.</summary>
    public required string Model { get; init; }

    public required string ResolvedModel { get; init; }

    public required string Provider { get; init; }

    /// <summary>Counts the owners, from 1.</summary>
    public long Epoch { get; init; } = 1;

    public StreamState State { get; init; } = StreamState.Running;

    /// <summary>The count of committed events.</summary>
    public long LastSequence { get; init; }

    /// <summary>The stream whose answer this one carries on; empty: none.</summary>
    public string ContinuesStreamId { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The events are kept. False: the retention is over.</summary>
    public bool HasLog { get; init; } = true;

    /// <summary>QUEUED, RUNNING or WAITING.</summary>
    public bool IsOpen => State is StreamState.Queued or StreamState.Running or StreamState.Waiting;
}

/// <summary>A turn that is open and that a process can take on.</summary>
/// <param name="RequestBytes">What was asked for beside the message, as it was written.</param>
internal sealed record StoredTurn(StreamRecord Stream, byte[] RequestBytes)
{
    /// <summary>Decoded when it is asked for: one that nobody can decode is that turn's trouble alone.</summary>
    public StreamChatRequest ReadRequest() => StreamChatRequest.Parser.ParseFrom(RequestBytes);
}

/// <summary>How far somebody has come who follows a stream.</summary>
internal readonly record struct FollowedPlace(string StreamId, long AfterSequence);

/// <param name="Epoch">The stream's now.</param>
/// <param name="IsOpen">It has not ended.</param>
/// <param name="LastSequence">The count of committed events.</param>
/// <param name="Events">What follows the place; none: nothing, or nothing is kept.</param>
internal sealed record FollowedStream(
    string StreamId, long Epoch, bool IsOpen, long LastSequence, IReadOnlyList<StreamChatResponse> Events);

/// <summary>What the opening commit writes.</summary>
internal sealed record NewTurn
{
    public required StreamRecord Stream { get; init; }

    /// <summary>The incarnation that opens the turn, and owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>The message that the user's message follows; empty: the session's newest.</summary>
    public string ParentMessageId { get; init; } = "";

    /// <summary>A user's message that is edited: the new one follows what that one follows. Empty: none.</summary>
    public string EditMessageId { get; init; } = "";

    /// <summary>The stream's user message is one that is there already and is answered once more.</summary>
    public bool IsRegeneration { get; init; }

    /// <summary>No message is written but the answer.</summary>
    public bool AnswersStoredMessage => IsRegeneration || Stream.ContinuesStreamId.Length > 0;

    /// <summary>Unique for the tenant; empty: none.</summary>
    public string ClientRequestId { get; init; } = "";

    /// <summary>SHA-256 of the request without its delivery fields: tells a retry from another request.</summary>
    public required byte[] BodyHash { get; init; }

    /// <summary>What was asked for beside the message and the fields that have columns of their own.</summary>
    public StreamChatRequest Request { get; init; } = new();

    /// <summary>
    /// How many open turns of the session the new one may wait behind. 0: it runs at once or not at all. Negative: it
    /// is not opened, and only found if it was sent before.
    /// </summary>
    public int MaxTurnsAhead { get; init; }

    /// <summary>The author of the user's message.</summary>
    public string UserId { get; init; } = "";

    /// <summary>
    /// The user's message. Of no interest if the turn answers one that is there.
    /// </summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

internal enum OpenOutcome
{
    /// <summary>The turn runs.</summary>
    Opened,

    /// <summary>The turn waits behind others.</summary>
    Queued,

    /// <summary>The session has an open turn, and the new one may not wait.</summary>
    SessionBusy,

    /// <summary>More turns of the session are open than the new one may wait behind.</summary>
    QueueFull,

    /// <summary>The same request was sent under its client request id before.</summary>
    SentBefore,

    /// <summary>Another request was sent under the client request id.</summary>
    RequestIdTaken,

    /// <summary>The session has no such message to follow, to edit or to answer.</summary>
    ParentNotFound,
}

/// <param name="StreamId">The new stream, or the one in the way.</param>
/// <param name="TurnsAhead">How many open turns a queued one waits behind.</param>
internal sealed record OpenResult(OpenOutcome Outcome, string StreamId, int TurnsAhead = 0);

/// <summary>The next events of one stream and, if it ends with them, its closing.</summary>
/// <param name="Epoch">The epoch that the writer owns.</param>
/// <param name="Events">At least one, densely numbered.</param>
internal sealed record TurnWrite(
    string StreamId, long Epoch, IReadOnlyList<StreamChatResponse> Events, TurnClosing? Closing = null)
{
    /// <summary>Takes the stream over: the epoch after this write. Default: the same.</summary>
    public long NewEpoch { get; init; } = Epoch;

    /// <summary>Steps that stand as they are from these events on; one that is there already is replaced.</summary>
    public IReadOnlyList<TurnStep> Steps { get; init; } = [];

    /// <summary>RUNNING or WAITING from these events on. Null: as before, or as the closing says.</summary>
    public StreamState? State { get; init; }

    public long FirstSequence => Events[0].Sequence;

    public long LastSequence => Events[^1].Sequence;
}

internal enum StepKind
{
    /// <summary>What a model said, and which tools it called.</summary>
    Model = 1,

    /// <summary>What the tools came to that it called.</summary>
    Tools = 2,
}

/// <summary>A step of a turn: what it takes to carry on behind it, and to show later what was done.</summary>
/// <param name="Number">Counts the turn's steps from 1.</param>
/// <param name="State">RUNNING, WAITING: results are missing, which a client owes. COMPLETED: nothing is.</param>
/// <param name="Events">The text as one token; each tool call whole; results and documents. In their order.</param>
internal sealed record TurnStep(
    int Number, StepKind Kind, StreamState State, IReadOnlyList<StreamChatResponse> Events)
{
    /// <summary>The tries that a model's answer took.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>When the turn began to wait for its client; null: it did not.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The conversation goes on about what it made.</summary>
    public bool HasDocument => Events.Any(each => each.Document is not null);
}

/// <summary>How a turn ended, as its row and its message keep it.</summary>
/// <param name="Parts">The answer's message.</param>
internal sealed record TurnClosing(
    StreamState State, IReadOnlyList<Part> Parts, string Reasoning, Usage Usage, DateTimeOffset EndedAt)
{
    public FinishReason FinishReason { get; init; }

    /// <summary>The session's next queued turn begins to run. False: nobody is there to run it.</summary>
    public bool PromotesNext { get; init; } = true;
}

/// <param name="PromotedStreamId">The queued turn that runs from this commit on; null: none.</param>
internal readonly record struct WriteResult(WriteOutcome Outcome, string? PromotedStreamId = null);

internal enum WriteOutcome
{
    Committed,

    /// <summary>The stream has ended, has another owner, or its log does not end where the write begins.</summary>
    Fenced,
}
