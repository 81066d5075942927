using Chat.V1;
using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

/// <summary>A session and what belongs to it, in the order in which it came.</summary>
internal sealed class StoredSession
{
    public required string TenantId { get; init; }

    public required string SessionId { get; init; }

    public required string Title { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public string HeadMessageId { get; set; } = "";

    public long Revision { get; set; } = 1;

    /// <summary>The place of the title among what can be searched.</summary>
    public long TitleNumber { get; set; }

    public List<StoredMessage> Messages { get; } = [];

    public List<StoredStream> Streams { get; } = [];

    /// <summary>The one that runs, before those that wait.</summary>
    public IEnumerable<StoredStream> Open =>
        Streams.Where(stream => stream.Record.IsOpen).OrderBy(stream => stream.Record.State == StreamState.Queued);

    public StoredStream? Running => Streams.Find(stream => stream.Runs);

    public SessionRecord ToRecord() =>
        new(SessionId, Title, CreatedAt, UpdatedAt, HeadMessageId, Running?.Record.StreamId, Revision);

    /// <summary>Time does not go back for a session.</summary>
    public void Touch(DateTimeOffset at)
    {
        UpdatedAt = at > UpdatedAt ? at : UpdatedAt;
        Revision++;
    }
}

internal sealed class StoredMessage
{
    public required string MessageId { get; init; }

    public required string? ParentId { get; init; }

    public required string StreamId { get; init; }

    public required MessageRole Role { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Ordinal { get; init; }

    public required byte[] Parts { get; set; }

    public required StreamState Status { get; set; }

    public required long Revision { get; set; }

    /// <summary>Its place among what can be searched; 0: it cannot be, its turn has not ended.</summary>
    public long SearchNumber { get; set; }

    public string Reasoning { get; set; } = "";

    public Usage? Usage { get; set; }

    public FinishReason FinishReason { get; set; }

    /// <summary>Of the turn that made it, if it is an answer.</summary>
    public List<TurnStep> Steps { get; } = [];

    public long Bytes => Parts.Length + System.Text.Encoding.UTF8.GetByteCount(Reasoning)
        + Steps.Sum(step => LengthPrefixed.Encode(step.Events).Length);

    public MessageRecord ToRecord() =>
        new(MessageId, ParentId, Role, Author, [.. LengthPrefixed.Decode<Part>(Parts)], Status)
        {
            Steps = [.. Steps.Select(MemoryStore.Copy)],
        };

    public ListedMessage ToListed(StoredSession session, bool withSiblings = true)
    {
        var beside = session.Messages.FindAll(other => withSiblings && other.ParentId == ParentId);
        const int Side = MessageQuery.SiblingsEachSide;
        List<StoredMessage> siblings =
        [
            .. beside.FindAll(other => other.Ordinal <= Ordinal).TakeLast(Side),
            .. beside.FindAll(other => other.Ordinal > Ordinal).Take(Side),
        ];
        return new(ToRecord(), Ordinal, Reasoning, StreamId, CreatedAt, Usage?.Clone(), FinishReason, Revision)
        {
            SiblingIds = siblings.Count > 1 ? [.. siblings.Select(sibling => sibling.MessageId)] : [],
        };
    }
}

internal sealed class StoredStream(StreamRecord record, StoredSession session)
{
    public StreamRecord Record { get; set; } = record;

    public StoredSession Session => session;

    /// <summary>Null: none was given, or it is not kept any more.</summary>
    public string? RequestId { get; set; }

    public required byte[] BodyHash { get; init; }

    public required StreamChatRequest Request { get; set; }

    /// <summary>The incarnation that runs it.</summary>
    public required string Owner { get; set; }

    public required StoredMessage Answer { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public List<StoredChunk> Chunks { get; } = [];

    public bool Runs => Record.State is StreamState.Running or StreamState.Waiting;

    /// <summary>The message that it answers.</summary>
    public string UserText => string.Concat(
        session.Messages.Find(message => message.MessageId == Record.UserMessageId)!
            .ToRecord().Parts.Select(part => part.Text));

    public IEnumerable<StreamChatResponse> Events =>
        Chunks.SelectMany(chunk => chunk.Events);
}

internal sealed record StoredChunk(long First, long Last, long Epoch, byte[] Body)
{
    /// <summary>For who looks and changes nothing: decoded once.</summary>
    public IReadOnlyList<StreamChatResponse> Events =>
        field ??= [.. LengthPrefixed.Decode<StreamChatResponse>(Body)];
}
