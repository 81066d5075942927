namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Brings an index up to date in the background, behind the commits that somebody waits for. Until then what is new is
/// looked at as it is, so a search finds the same.
/// </summary>
internal sealed class IndexingLoop : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<bool>> _indexSome;
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="indexSome">Indexes some of what is to be indexed; false: there was nothing.</param>
    public IndexingLoop(Func<CancellationToken, Task<bool>> indexSome)
    {
        _indexSome = indexSome;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>There may be something to index.</summary>
    public void Wake()
    {
        try
        {
            _ = _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was told before and has not looked yet.
        }
    }

    /// <summary>Indexes what is to be indexed now.</summary>
    /// <exception cref="StoreException">
    /// The store cannot be read or written; what is left is found as it is.
    /// </exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            while (await _indexSome(cancellationToken))
            {
            }
        }
        finally
        {
            _ = _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _news.Dispose();
        _one.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stop.Token);
                await TryCatchUpAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is indexed after the next start.
        }
    }

    private async Task TryCatchUpAsync()
    {
        try
        {
            await CatchUpAsync(_stop.Token);
        }
        catch (StoreException)
        {
            // Whoever wrote hears of a store that is away; after the next write this is tried again.
        }
    }
}
