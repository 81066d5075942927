using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Watching;

/// <summary>What a watcher is told: a session, a message, an event or a deletion, or that nothing happens.</summary>
/// <param name="Watched">Which of the sessions, in the order in which they were asked for.</param>
internal readonly record struct SessionUpdate(int Watched)
{
    public SessionRecord? Session { get; init; }

    public ListedMessage? Message { get; init; }

    public TurnEvent? Event { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>What has been told when this has; null: where it was before.</summary>
    public WatchPlace? Place { get; init; }

    public static SessionUpdate Silence => new(-1);

    /// <summary>Nothing happened for a while.</summary>
    public bool IsSilence => Watched < 0;
}
