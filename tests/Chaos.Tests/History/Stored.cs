using Chat.V1;

namespace Chaos.Tests.History;

/// <summary>What the database holds after the end.</summary>
internal sealed record Stored(
    IReadOnlyList<StoredStream> Streams, IReadOnlyList<StoredMessage> Messages, IReadOnlyList<string> SessionIds);

/// <summary>A stream's row with its log.</summary>
internal sealed record StoredStream(string StreamId, string RequestKey, string SessionId, StreamState State)
{
    public required long Epoch { get; init; }

    public required long LastSequence { get; init; }

    public required string UserMessageId { get; init; }

    public required string MessageId { get; init; }

    public required IReadOnlyList<StoredEvent> Log { get; init; }

    /// <summary>Of its error; empty: it has none.</summary>
    public string Reason => Log.LastOrDefault(logged => logged.Event.Error is not null)?.Event.Error.Reason ?? "";

    /// <summary>Null: the log does not have it.</summary>
    public StoredEvent? At(long sequence) => sequence <= Log.Count ? Log[(int)sequence - 1] : null;

    /// <summary>The last sequence that was committed in an epoch or in one before it.</summary>
    public long Fence(long epoch) => Log.LastOrDefault(logged => logged.Epoch <= epoch)?.Event.Sequence ?? 0;
}

/// <param name="Epoch">In which it was committed.</param>
internal sealed record StoredEvent(long Epoch, StreamChatResponse Event, byte[] Bytes);

internal sealed record StoredMessage(
    string MessageId, string StreamId, MessageRole Role, StreamState State, string Text, string SessionId);
