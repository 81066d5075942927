using Chat.V1;

namespace ChatGrpc.Storage;

/// <summary>A conversation, without its messages.</summary>
/// <param name="RunningStreamId">The turn that runs; null: none.</param>
/// <param name="Revision">Counts the changes of the session and its messages, from 1.</param>
internal sealed record SessionRecord(
    string SessionId,
    string Title,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string HeadMessageId,
    string? RunningStreamId,
    long Revision)
{
    public SessionVersion Version => new(Revision, CreatedAt);
}

/// <summary>A session of some tenant.</summary>
internal sealed record SessionKey(string TenantId, string SessionId);

/// <summary>Tells a session's state from all others of its id, also from those of a session that was deleted.</summary>
internal sealed record SessionVersion(long Revision, DateTimeOffset CreatedAt)
{
    /// <summary>There is no such session.</summary>
    public static readonly SessionVersion None = new(Revision: 0, DateTimeOffset.UnixEpoch);
}

/// <summary>A place in the listing of sessions: that session was the last one given.</summary>
internal sealed record SessionPlace(DateTimeOffset UpdatedAt, string SessionId);

/// <param name="HasMore">There are sessions behind these.</param>
internal sealed record SessionPage(IReadOnlyList<SessionRecord> Sessions, bool HasMore);

/// <summary>A message with what a listing tells of it.</summary>
/// <param name="Ordinal">Its place in the order in which the session's messages were made, from 1.</param>
/// <param name="Usage">What its turn used; null: it is no answer, or not ended.</param>
/// <param name="Revision">The session's when the message was last changed.</param>
internal sealed record ListedMessage(
    MessageRecord Message,
    long Ordinal,
    string Reasoning,
    string StreamId,
    DateTimeOffset CreatedAt,
    Usage? Usage,
    FinishReason FinishReason,
    long Revision)
{
    /// <summary>
    /// The messages that follow the same one, itself among them, in their order, those that are nearest to it; empty:
    /// there is no other.
    /// </summary>
    public IReadOnlyList<string> SiblingIds { get; init; } = [];
}

/// <summary>Which of a session's messages are wanted.</summary>
/// <param name="AfterOrdinal">The last one given; null: none was.</param>
/// <param name="MaxBytes">
/// A page ends before it holds more content than that, but has at least one message of whatever size.
/// </param>
internal sealed record MessageQuery(long? AfterOrdinal, bool NewestFirst, int Limit, long MaxBytes)
{
    /// <summary>
    /// Of those that stand beside a message, so many are told on its either side at most, itself among the earlier
    /// ones: nobody turns through more of them, and a page of messages that all stand beside each other stays small.
    /// </summary>
    public const int SiblingsEachSide = 100;

    /// <summary>False: the messages are given without those that stand beside them.</summary>
    public bool WithSiblings { get; init; } = true;

    /// <summary>Only those that open turns answer, and their answers; the oldest first.</summary>
    public bool OfOpenTurns { get; init; }

    /// <summary>Only the branch that ends with this message; empty: those of every branch.</summary>
    public string BranchMessageId { get; init; } = "";
}

/// <param name="HasMore">There are messages behind these.</param>
internal sealed record MessagePage(SessionRecord Session, IReadOnlyList<ListedMessage> Messages, bool HasMore);

/// <summary>A session as it is, and those of its messages that have changed, in the order of their changes.</summary>
/// <param name="HasMore">There are more of them behind these.</param>
internal sealed record SessionChanges(SessionRecord Session, IReadOnlyList<ListedMessage> Messages, bool HasMore);

internal enum DeleteOutcome
{
    Deleted,

    /// <summary>There is no such session.</summary>
    NotFound,

    /// <summary>A turn runs or waits in it.</summary>
    SessionBusy,
}

/// <param name="StreamId">The turn in the way, or empty.</param>
internal sealed record DeleteResult(DeleteOutcome Outcome, string StreamId = "");

/// <param name="Session">As it is now; null: there is no such session.</param>
/// <param name="HasMessage">The session has the message.</param>
internal sealed record BranchSelection(SessionRecord? Session, bool HasMessage);

/// <summary>A session that is written as a whole.</summary>
/// <param name="Messages">
/// In their order, parents before those who follow them, numbered from 1; answers have their steps, and no two of them
/// have the same stream.
/// </param>
internal sealed record NewSession(
    string TenantId,
    string SessionId,
    string Title,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string HeadMessageId,
    IReadOnlyList<ListedMessage> Messages);

internal enum ImportOutcome
{
    Imported,

    /// <summary>The tenant has a session of that id.</summary>
    SessionTaken,

    /// <summary>A message or a stream of somebody has one of the ids.</summary>
    IdsTaken,
}
