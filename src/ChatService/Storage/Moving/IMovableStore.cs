namespace ChatGrpc.Storage.Moving;

/// <summary>
/// A store whose sessions can be read and written whole, while nothing else uses it. Every method throws
/// <see cref="StoreException"/> when the store cannot be reached or refuses.
/// </summary>
internal interface IMovableStore : IAsyncDisposable
{
    /// <summary>What it is and where, for whoever reads the output.</summary>
    string Name { get; }

    /// <summary>Of all tenants, the session first that has not changed for the longest time.</summary>
    Task<IReadOnlyList<SessionKey>> ListSessionsAsync(CancellationToken cancellationToken);

    /// <summary>A session's rows in their order; values by <see cref="MovedKind"/>.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(SessionKey session, MovedTable table, CancellationToken cancellationToken);

    /// <summary>Writes a session that the store does not have, in one commit, and makes it found by searches.</summary>
    Task WriteAsync(
        SessionKey session, Func<MovedTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken);
}
