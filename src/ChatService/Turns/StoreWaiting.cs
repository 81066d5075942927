using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Asks the store until it answers. A start can leave out nothing of what it asks, and a store that is away comes back.
/// </summary>
internal sealed class StoreWaiting(TimeProvider time, ILogger<StoreWaiting> logger)
{
    /// <summary>
    /// Between two tries at a store that is away, at most: who waits for it has it within a second of its return.
    /// </summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Often enough for who looks into the log why nothing happens.
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private readonly Milestone _waits = new();

    /// <summary>Completes when the store has been away once.</summary>
    public Task Waits => _waits.Reached;

    /// <exception cref="StoreException">The store refuses, and would again.</exception>
    /// <exception cref="OperationCanceledException">Nobody needs the answer any more.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var told = TimeSpan.MinValue;
        while (true)
        {
            try
            {
                var answer = await ask(cancellationToken);
                if (told >= TimeSpan.Zero)
                {
                    Log.StoreIsBack(logger, time.GetElapsedTime(began));
                }

                return answer;
            }
            catch (StoreException away) when (!away.Refused)
            {
                var waited = time.GetElapsedTime(began);
                if (told < TimeSpan.Zero || waited - told >= Reminder)
                {
                    told = waited;
                    Log.WaitsForStore(logger, away.Message, away);
                }

                _waits.Reach();
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task AskAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken) => AskAsync(
        async token =>
        {
            await ask(token);
            return true;
        },
        cancellationToken);
}
