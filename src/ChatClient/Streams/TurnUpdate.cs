using Chat.V1;
using Grpc.Core;

namespace ChatGrpc.Client.Streams;

/// <summary>What a reader of a turn is told: the turn's events, and what happens to the reading itself.</summary>
internal abstract record TurnUpdate
{
    private TurnUpdate()
    {
    }

    /// <summary>An event as the service sent it; none is told twice.</summary>
    public sealed record Told(StreamChatResponse Event) : TurnUpdate;

    /// <summary>The connection is gone, and the reader tries again; once for each time that it is away.</summary>
    public sealed record Lost(Status Failure) : TurnUpdate;

    /// <summary>What was told after that sequence does not count any more: the turn has another owner.</summary>
    public sealed record Withdrawn(long AfterSequence) : TurnUpdate;
}
