namespace ChatGrpc.Watching;

/// <summary>How much of a session a watcher has been told: what its cursor holds.</summary>
/// <param name="Revision">The session's; all changes up to it were told.</param>
/// <param name="SessionCreatedAt">
/// In Unix milliseconds: tells the session from a later one of the same id. 0: there was none.
/// </param>
internal readonly record struct WatchPlace(long Revision, long SessionCreatedAt)
{
    /// <summary>A session that does not exist.</summary>
    public static WatchPlace None => default;

    /// <summary>The turn of which events were told, and whose final message was not; null: none.</summary>
    public string? StreamId { get; init; }

    public long Epoch { get; init; }

    /// <summary>The last of the turn's events that was told.</summary>
    public long Sequence { get; init; }

    public WatchPlace WithoutTurn() => new(Revision, SessionCreatedAt);
}

/// <summary>A session to watch.</summary>
/// <param name="After">What was told of it before; null: nothing, and it begins with what is open now.</param>
internal sealed record WatchStart(string SessionId, WatchPlace? After);
