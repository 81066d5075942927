using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Hints between the processes of one database, by NOTIFY. They go behind the commits, in a transaction of their own
/// and one for many, as a commit with a notification waits for all others that have one.
/// </summary>
internal sealed class HintChannel : IAsyncDisposable
{
    private const string Channel = "chatgrpc";
    private const string Written = "written";
    private const string Wished = "wished";

    // Who follows looks as often by itself while there is something new.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly StoreHints _hints;
    private readonly PostgresCalls _calls;
    private readonly TimeProvider _time;
    private readonly string _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);

    // Tells what this process sent from what others did.
    private readonly string _sender = Guid.NewGuid().ToString("N");
    private bool _hasBegun;
    private int _written;
    private int _wished;
    private Task _sending = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;

    public HintChannel(PostgresSettings settings, PostgresCalls calls, StoreHints hints, TimeProvider time)
    {
        (_calls, _hints, _time) = (calls, hints, time);
        _connection = new NpgsqlConnectionStringBuilder(settings.ForService)
        {
            Pooling = false,

            // A dead connection is noticed within this; until then, this process looks as often as without hints.
            KeepAlive = 30,
        }.ConnectionString;
    }

    /// <summary>Nobody else is there who could want to hear anything.</summary>
    public bool IsAlone { get; set; } = true;

    /// <summary>The database is ready.</summary>
    public void Begin()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        _sending = SendAsync(_stop.Token);
        _listening = ListenAsync(_stop.Token);
    }

    /// <summary>Turns have come further here, or sessions have changed.</summary>
    public void TellWritten() => Tell(ref _written);

    /// <summary>Something is wanted of a turn, or a turn may run now.</summary>
    public void TellWished() => Tell(ref _wished);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sending, _listening);
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Tell(ref int flag)
    {
        if (!IsAlone && Interlocked.Exchange(ref flag, 1) == 0)
        {
            try
            {
                _ = _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // It is awake.
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(cancellationToken);
                string[] told =
                [
                    .. Interlocked.Exchange(ref _written, 0) == 1 ? [Written] : Array.Empty<string>(),
                    .. Interlocked.Exchange(ref _wished, 0) == 1 ? [Wished] : Array.Empty<string>(),
                ];
                await NotifyAsync(told, cancellationToken);
                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The store is closed.
        }
    }

    private async Task NotifyAsync(string[] told, CancellationToken cancellationToken)
    {
        try
        {
            _ = await _calls.WriteAsync(
                batch => Array.ForEach(
                    told,
                    what => batch.Add(
                        "SELECT pg_notify($1, $2)", with => with.Give(Channel).Give($"{what} {_sender}"))),
                rows => rows.ReadAsync(cancellationToken), cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: they look by themselves.
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: this process looks by itself meanwhile.
                await Task.Delay(Retry, _time, CancellationToken.None);
            }
            catch (Exception)
            {
                // The store is closed.
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connection);
        connection.Notification += (_, notification) => Heed(notification.Payload);
        await connection.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            _ = await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Heed(string payload)
    {
        switch (payload.Split(' '))
        {
            case [_, var sender] when sender == _sender:
                break;
            case [Written, _]:
                _hints.TellWritten();
                break;
            case [Wished, _]:
                _hints.TellWished();
                break;
        }
    }
}
