using System.Globalization;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// One process at a time: an advisory lock, held by a connection of its own, which the server lets go of when the process
/// is gone. Lost with its connection, it is taken again; if another process has it by then, this one writes no more.
/// </summary>
internal sealed class ProcessLock : IAsyncDisposable
{
    // "CHAT", and the first of the locks that belong to it.
    private const int Class = 0x43484154;
    private const int Process = 1;

    private const string Held =
        """
        SELECT application_name, pid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted
        """;

    // A lost connection is noticed within this.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // More often than a process asks that waits for its turn: after a restart of the server, who was first stays first.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly PostgresSettings _settings;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    // Tells a dead connection of this very process, which the server has not noticed yet, from another process.
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"chatgrpc lock {Guid.NewGuid().ToString("N")[..12]}");

    private NpgsqlConnection? _connection;
    private Task? _watching;
    private volatile bool _isLost;

    public ProcessLock(PostgresSettings settings, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _time = time;
        _logger = logger;
        _source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(settings.ForService) { Pooling = false, ApplicationName = _name }
                .ConnectionString).Build();
    }

    /// <exception cref="StoreException">Another process has it, or the database is away: try again later.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_watching is not null)
        {
            // Taken before; if it was lost meanwhile, that is seen to already.
            ThrowIfLost();
            return;
        }

        if (!await TryTakeAsync(cancellationToken))
        {
            throw HeldByAnother();
        }

        _watching = WatchAsync();
    }

    /// <exception cref="StoreException">Another process has taken the lock meanwhile.</exception>
    public void ThrowIfLost()
    {
        if (_isLost)
        {
            throw HeldByAnother();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_watching ?? Task.CompletedTask);
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await _source.DisposeAsync();
        _stop.Dispose();
    }

    private StoreException HeldByAnother() => new(
        PostgresFailures.Words(PostgresTrouble.HeldByAnother),
        new InvalidOperationException(
            $"Another process keeps the conversations of the database at {_settings.Place}."));

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested && !_isLost)
        {
            try
            {
                await Task.Delay(_connection is null ? RetryPause : Pause, _time, _stop.Token);
                if (_connection is not null)
                {
                    await using var ping = new NpgsqlCommand("SELECT 1", _connection);
                    _ = await ping.ExecuteScalarAsync(_stop.Token);
                }
                else if (await TryTakeAsync(_stop.Token))
                {
                    PostgresLog.LockTaken(_logger, _settings.Place);
                }
                else
                {
                    _isLost = true;
                    PostgresLog.LockTakenByAnother(_logger, _settings.Place);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is NpgsqlException or IOException or TimeoutException)
            {
                if (_connection is not null)
                {
                    PostgresLog.LockLost(_logger, _settings.Place);
                    await _connection.DisposeAsync();
                    _connection = null;
                }
            }
        }
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (await TryLockAsync(connection, cancellationToken)
                || (await EndOwnAsync(connection, cancellationToken)
                    && await TryLockAsync(connection, cancellationToken)))
            {
                (_connection, connection) = (connection, null);
                return true;
            }

            return false;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", connection);
        _ = command.Parameters.Give(Class).Give(Process);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Ends this process's own dead connection, if that is what holds the lock; waits until it is gone.
    private async Task<bool> EndOwnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(Held, connection);
        _ = find.Parameters.Give((long)Class).Give((long)Process);
        int holder;
        await using (var rows = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await rows.ReadAsync(cancellationToken) || rows.GetText(0) != _name)
            {
                return false;
            }

            holder = rows.GetInt32(1);
        }

        await using var end = new NpgsqlCommand("SELECT pg_terminate_backend($1, 5000)", connection);
        _ = end.Parameters.Give(holder);
        return (bool)(await end.ExecuteScalarAsync(cancellationToken))!;
    }
}
