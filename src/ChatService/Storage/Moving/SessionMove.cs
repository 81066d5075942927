namespace ChatGrpc.Storage.Moving;

/// <summary>
/// Copies every session from one store to another, each whole in one commit, and reads each back to compare it. What
/// was copied before is compared only, so that a move that was broken off goes on where it was.
/// </summary>
internal sealed class SessionMove(IMovableStore from, IMovableStore to)
{
    private readonly List<SessionKey> _different = [];
    private readonly Dictionary<string, long> _rows = MovedTable.All.ToDictionary(table => table.Name, _ => 0L);

    /// <summary>Sessions that the target has with other contents than the source.</summary>
    public IReadOnlyList<SessionKey> Different => _different;

    public int Copied { get; private set; }

    /// <summary>Sessions that the target had already, and that are equal.</summary>
    public int Present { get; private set; }

    /// <summary>How many rows of a table are in the target, as in the source.</summary>
    public long Rows(string table) => _rows[table];

    /// <param name="progress">Told after each session how many are done, of how many.</param>
    /// <exception cref="StoreException">A store cannot be reached or refuses; what was copied stays.</exception>
    /// <exception cref="InvalidDataException">What was written is not what is read back.</exception>
    public async Task RunAsync(Action<int, int> progress, CancellationToken cancellationToken)
    {
        var sessions = await from.ListSessionsAsync(cancellationToken);
        for (var i = 0; i < sessions.Count; i++)
        {
            await MoveAsync(sessions[i], cancellationToken);
            progress(i + 1, sessions.Count);
        }
    }

    private async Task MoveAsync(SessionKey session, CancellationToken cancellationToken)
    {
        using var read = new SessionDigest();
        var there = await SessionDigest.OfAsync(to, session, cancellationToken);
        if (there is null)
        {
            await to.WriteAsync(
                session,
                table => read.PassAsync(table, from.ReadAsync(session, table, cancellationToken), cancellationToken),
                cancellationToken);
            if (read.Finish() != await SessionDigest.OfAsync(to, session, cancellationToken))
            {
                throw new InvalidDataException(
                    $"The session {session.SessionId} of {session.TenantId} is not read back as it was written.");
            }

            Copied++;
        }
        else if (await HashAsync(read, session, cancellationToken) == there)
        {
            Present++;
        }
        else
        {
            _different.Add(session);
            return;
        }

        foreach (var table in MovedTable.All)
        {
            _rows[table.Name] += read.Rows(table.Name);
        }
    }

    private async Task<string> HashAsync(
        SessionDigest digest, SessionKey session, CancellationToken cancellationToken)
    {
        foreach (var table in MovedTable.All)
        {
            var rows = from.ReadAsync(session, table, cancellationToken);
            await foreach (var _ in digest.PassAsync(table, rows, cancellationToken))
            {
                // Counted and hashed.
            }
        }

        return digest.Finish();
    }
}
