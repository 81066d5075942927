using Chat.V1;

namespace ChatGrpc.Storage.Embedded;

/// <summary>A stream as a query of the database gives it.</summary>
internal sealed class StreamRow
{
    public string StreamId { get; init; } = "";

    public string TenantId { get; init; } = "";

    public string SessionId { get; init; } = "";

    public string UserMessageId { get; init; } = "";

    public string MessageId { get; init; } = "";

    public string Model { get; init; } = "";

    public string ResolvedModel { get; init; } = "";

    public string Provider { get; init; } = "";

    public long Epoch { get; init; }

    public long State { get; init; }

    public long LastSequence { get; init; }

    public string ContinuesStreamId { get; init; } = "";

    public long HasLog { get; init; }

    public long CreatedAt { get; init; }

    public byte[] Request { get; init; } = [];

    public StreamRecord ToRecord() => new()
    {
        StreamId = StreamId,
        TenantId = TenantId,
        SessionId = SessionId,
        UserMessageId = UserMessageId,
        MessageId = MessageId,
        Model = Model,
        ResolvedModel = ResolvedModel,
        Provider = Provider,
        Epoch = Epoch,
        State = (StreamState)State,
        LastSequence = LastSequence,
        ContinuesStreamId = ContinuesStreamId,
        HasLog = HasLog != 0,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
    };
}
