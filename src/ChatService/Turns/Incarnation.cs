using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// One life of the service: the turns that it opens and takes over are its own, as long as the store has no reason to
/// take it for dead. In a store that is shared it says again and again that it lives. Was it taken for dead all the
/// same, because it was frozen or cut off, its turns are others', and it goes on as another one.
/// </summary>
internal sealed class Incarnation(IChatStore store, TimeProvider time, ILogger<Incarnation> logger)
    : IDisposable
{
    /// <summary>So long after its last sign of life it is dead, by the store's clock.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = Lease / 4;

    // Its clock and the store's may run a little differently.
    private static readonly TimeSpan Margin = Lease / 6;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate = new(1);
    private volatile string _id = NewId(time);
    private volatile StoreException? _failure;
    private bool _hasEntered;
    private long? _trustedFrom;
    private Task _beating = Task.CompletedTask;

    public string Id => _id;

    /// <summary>Called when it was taken for dead, before it goes on as another one.</summary>
    public event Action? Died;

    // From when the renewal was sent: the store begins to count later.
    private bool IsTrusted =>
        !store.IsShared || (_trustedFrom is { } from && time.GetElapsedTime(from) < Lease - Margin);

    /// <summary>From now on the store knows that it lives.</summary>
    /// <exception cref="StoreException">The store cannot be reached, or is not to be used now.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        if (store.IsShared)
        {
            _beating = BeatAsync(_stop.Token);
        }
    }

    /// <summary>
    /// Returns when nobody can have taken it for dead; that is at once but for when the store was away for long, or it
    /// was frozen itself.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (!IsTrusted)
        {
            await RenewAsync(unlessTrusted: true, cancellationToken);
        }
    }

    /// <summary>Gives turns away that wait: others may go on with them, if there are any.</summary>
    public async Task ReleaseAsync(IReadOnlyList<string> waiting)
    {
        if (!store.IsShared || waiting.Count == 0)
        {
            return;
        }

        try
        {
            await store.ReleaseAsync(_id, waiting, CancellationToken.None);
        }
        catch (StoreException)
        {
            // They are others' when this one has ended.
        }
    }

    /// <summary>What it leaves is others' from now on.</summary>
    public async Task EndAsync()
    {
        _stop.Cancel();
        await _beating;
        if (!_hasEntered)
        {
            return;
        }

        try
        {
            await store.LeaveAsync(_id, CancellationToken.None);
        }
        catch (StoreException)
        {
            // Its lease runs out, a few seconds later.
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _gate.Dispose();
    }

    private static string NewId(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, cancellationToken);
                try
                {
                    await RenewAsync(unlessTrusted: false, cancellationToken);
                }
                catch (Exception failure) when (
                    failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // Whatever it is: without the next try it would be dead. The store tells its trouble itself.
                    if (failure is not StoreException)
                    {
                        Log.RenewalFailed(logger, failure);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task RenewAsync(bool unlessTrusted, CancellationToken cancellationToken)
    {
        // A renewal is answered soon or fails: nobody has to be called off who waits for it.
        var known = _failure;
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (unlessTrusted && IsTrusted)
            {
                return;
            }

            // Of many who wait one tries: to the others its failure is news as well.
            if (unlessTrusted && _failure is { } failure && failure != known)
            {
                throw new StoreException(failure.Message, failure);
            }

            await TryToRenewAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task TryToRenewAsync()
    {
        try
        {
            if (!_hasEntered)
            {
                await EnterAsync(CancellationToken.None);
                return;
            }

            var attempt = time.GetTimestamp();
            if (await store.RenewAsync(_id, Lease, CancellationToken.None))
            {
                _trustedFrom = attempt;
                return;
            }

            (_trustedFrom, _hasEntered) = (null, false);
            Log.TakenForDead(logger, _id);
            _id = NewId(time);
            Died?.Invoke();
            await EnterAsync(CancellationToken.None);
        }
        catch (StoreException failure)
        {
            _failure = failure;
            throw;
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        var attempt = time.GetTimestamp();
        await store.EnterAsync(_id, Lease, cancellationToken);
        (_trustedFrom, _hasEntered) = (attempt, true);
    }
}
