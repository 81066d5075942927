using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// The lives of this service's incarnations, by the database's clock. On connections of their own, and quick to give
/// one up: no traffic and no dead connection may keep a renewal from coming in time.
/// </summary>
internal sealed class Leases : IAsyncDisposable
{
    public const string DeclareDead = "SELECT declare_dead($1, $2)";

    // A lease lasts some seconds, and it is renewed several times within it.
    private const int AttemptSeconds = 1;

    // Whoever moves the conversations has the lock alone, and waits for whom it finds here.
    private const string Enter =
        $"""
        INSERT INTO incarnation (id, steady_since, lease_until)
        SELECT $1, steady_since($2), clock_timestamp() + $2
        WHERE pg_try_advisory_xact_lock_shared({SoleUse.Key})
        ON CONFLICT (id) DO UPDATE SET steady_since = excluded.steady_since, lease_until = excluded.lease_until
        RETURNING id
        """;

    private const string Renew =
        "SELECT renew_lease($1, $2), NOT EXISTS (SELECT 1 FROM incarnation WHERE id <> $1)";

    private readonly PostgresSettings _settings;
    private readonly NpgsqlDataSource _source;
    private readonly PostgresCalls _calls;
    private readonly HintChannel _hints;

    public Leases(PostgresSettings settings, HintChannel hints, TroubleWatch troubles, TimeProvider time)
    {
        (_settings, _hints) = (settings, hints);
        _source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(settings.ForService)
            {
                MaxPoolSize = 2,
                Timeout = AttemptSeconds,
                CommandTimeout = AttemptSeconds,
                CancellationTimeout = -1,
            }.ConnectionString).Build();
        _calls = new PostgresCalls(_source, troubles, time);
    }

    /// <exception cref="StoreException">The database is away, or the conversations are being moved.</exception>
    public async Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!await _calls.WriteAsync(
            batch => batch.Add(Enter, with => with.Give(incarnation).Give(lease)),
            rows => rows.ReadAsync(cancellationToken), cancellationToken))
        {
            throw SoleUse.HeldByAnother($"The conversations of the database at {_settings.Place} are being moved.");
        }

        // Until the first renewal tells: who lives already may follow what begins here.
        _hints.IsAlone = false;
    }

    public async Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken)
    {
        var (isAlive, isAlone) = await _calls.WriteAsync(
            batch => batch.Add(Renew, with => with.Give(incarnation).Give(lease)),
            async rows =>
            {
                _ = await rows.ReadAsync(cancellationToken);
                return (rows.GetBoolean(0), rows.GetBoolean(1));
            },
            cancellationToken);
        _hints.IsAlone = isAlone;
        return isAlive;
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) => _calls.WriteAsync(
        batch => batch.Add("DELETE FROM incarnation WHERE id = $1", with => with.Give(incarnation)),
        rows => rows.ReadAsync(), cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
