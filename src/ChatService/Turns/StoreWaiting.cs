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
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// What a store has not done so long after it was asked for it does not do any more: it gives up what takes half
    /// of that.
    /// </summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    // Often enough for who looks into the log why nothing happens.
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private readonly Milestone _waits = new();

    /// <summary>Completes when the store has been away once.</summary>
    public Task Waits => _waits.Reached;

    /// <param name="ask">Is done again if nobody knows what came of it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreException">The store refuses, and would again.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async Task AskAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var told = TimeSpan.MinValue;
        while (true)
        {
            try
            {
                await ask(cancellationToken);
                if (told >= TimeSpan.Zero)
                {
                    Log.StoreIsBack(logger, time.GetElapsedTime(began));
                }

                return;
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
}
