using System.Globalization;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// One process at a time: an advisory lock, held by a connection of its own, which the server lets go of when the
/// process is gone. Lost with its connection, it is taken again; if another process has it by then, this one writes no
/// more.
/// </summary>
internal sealed class ProcessLock : IAsyncDisposable
{
    // The server lets go of the lock 11 s after this machine, or the way to it, is gone. By itself it would take hours.
    private const string Keepalives =
        " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=11000";

    // Who has waited for the lock takes it only if it stays free for so long: when the server restarts, nobody has it
    // for a moment, and the process that had it is to have it again.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(3);

    // A lost connection is noticed within this.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Many times within the courtesy of those that wait.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly PostgresSettings _settings;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _lost;
    private readonly CancellationTokenSource _stop = new();

    // Tells a dead connection of this very process, which the server has not noticed yet, from another process.
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"chatgrpc lock {Guid.NewGuid().ToString("N")[..12]}");

    private enum Attempt
    {
        Taken,
        HeldByAnother,

        // Whoever had it is gone meanwhile, or is this process's own dead connection: the next attempt tells.
        Unclear,
    }

    private NpgsqlConnection? _connection;
    private Task? _watching;
    private bool _hasWaited;
    private volatile bool _isLost;

    /// <param name="lost">Called once if another process takes the lock.</param>
    public ProcessLock(PostgresSettings settings, TimeProvider time, ILogger logger, Action lost)
    {
        _lost = lost;
        _settings = settings;
        _time = time;
        _logger = logger;
        var alone = new NpgsqlConnectionStringBuilder(settings.ForService) { Pooling = false, ApplicationName = _name };
        alone.Options += Keepalives;
        _source = new NpgsqlDataSourceBuilder(alone.ConnectionString).Build();
    }

    /// <summary>Another process has taken the lock meanwhile.</summary>
    public bool IsLost => _isLost;

    /// <exception cref="StoreException">Another process has it, or the database is away: try again later.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_watching is not null)
        {
            // Taken before; if it was lost meanwhile, that is seen to already.
            ThrowIfLost();
            return;
        }

        while (await TryTakeAsync(cancellationToken) is var attempt and not Attempt.Taken)
        {
            if (attempt == Attempt.HeldByAnother)
            {
                _hasWaited = true;
                throw HeldByAnother();
            }

            await Task.Delay(RetryPause, _time, cancellationToken);
        }

        _hasWaited = false;
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

    /// <exception cref="StoreException">
    /// Another process has taken the lock meanwhile, or its connection is broken, and may.
    /// </exception>
    public void ThrowIfNotHeld()
    {
        if (_isLost || _connection is null)
        {
            throw HeldByAnother();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_watching ?? Task.CompletedTask);
        await LetGoAsync();
        await _source.DisposeAsync();
        _stop.Dispose();
    }

    // The server notices a closed connection a moment later; who waits for the lock should not.
    private async Task LetGoAsync()
    {
        if (_connection is null)
        {
            return;
        }

        try
        {
            await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection);
            _ = await unlock.ExecuteNonQueryAsync();
        }
        catch (Exception gone) when (PostgresFailures.IsOfDatabase(gone))
        {
            // With the connection, the lock has gone.
        }

        await _connection.DisposeAsync();
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
                else
                {
                    Heed(await TryTakeAsync(_stop.Token));
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it is: if nobody looked any more, the lock would never be taken again, nor found lost.
                await DropAsync();
            }
        }
    }

    private void Heed(Attempt attempt)
    {
        if (attempt == Attempt.Taken)
        {
            PostgresLog.LockTaken(_logger, _settings.Place);
        }
        else if (attempt == Attempt.HeldByAnother)
        {
            _isLost = true;
            PostgresLog.LockTakenByAnother(_logger, _settings.Place);
            _lost();
        }
    }

    private async Task DropAsync()
    {
        if (_connection is null)
        {
            return;
        }

        var broken = _connection;
        _connection = null;
        PostgresLog.LockLost(_logger, _settings.Place);
        try
        {
            await broken.DisposeAsync();
        }
        catch (Exception)
        {
            // That is why it is let go of.
        }
    }

    private async Task<Attempt> TryTakeAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (_hasWaited && !await StaysFreeAsync(connection, cancellationToken))
            {
                return Attempt.HeldByAnother;
            }

            if (await AdvisoryLock.TryTakeAsync(connection, cancellationToken))
            {
                (_connection, connection) = (connection, null);
                return Attempt.Taken;
            }

            if (await AdvisoryLock.FindHolderAsync(connection, cancellationToken) is not { } holder)
            {
                return Attempt.Unclear;
            }

            if (holder.Name != _name)
            {
                return Attempt.HeldByAnother;
            }

            await AdvisoryLock.EndAsync(connection, holder.Backend, cancellationToken);
            return Attempt.Unclear;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    // Only looked at: to take it for a moment would show it to its owner as taken. On one connection: a server that
    // restarts in between breaks it.
    private async Task<bool> StaysFreeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await AdvisoryLock.FindHolderAsync(connection, cancellationToken) is not null)
        {
            return false;
        }

        await Task.Delay(Courtesy, _time, cancellationToken);
        return await AdvisoryLock.FindHolderAsync(connection, cancellationToken) is null;
    }
}
