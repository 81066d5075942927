using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>
/// Follows sessions for one caller: in turns what changed in each and the next event of the turn that runs there. It
/// looks when it is asked for more and holds nothing else, so a slow caller costs no memory.
/// </summary>
internal sealed class SessionWatcher(
    SessionWatch[] sessions, SessionSignals signals, AsyncSignal wake, TurnOptions options,
    TimeProvider time)
    : IDisposable
{
    /// <summary>Why the watching ended, once it has.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Ends by the token, with the service, or when the store was away for long.</summary>
    public async IAsyncEnumerable<SessionUpdate> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pulse = new Pulse(options.Heartbeat, time, wake);
        using var patience = new StorePatience(options.ClosingCommit, time, wake);
        await using var cancelled = cancellationToken.UnsafeRegister(static s => ((AsyncSignal)s!).Set(), wake);
        while (!patience.IsOver)
        {
            // Before the look: what changed before the end is still told.
            var isLast = signals.IsOver;
            var isIdle = true;
            foreach (var session in sessions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var change in await ReadChangesAsync(session, patience, cancellationToken))
                {
                    yield return change;
                    isIdle = false;
                }

                if (await NextEventAsync(session, patience, cancellationToken) is { } next)
                {
                    yield return next;
                    isIdle = false;
                }
            }

            if (!isIdle)
            {
                pulse.Beat();
            }
            else if (patience.MayTry && Array.Exists(sessions, static session => session.HasNews))
            {
                continue;
            }
            else if (isLast)
            {
                Failure = TurnFailures.Stopping;
                yield break;
            }
            else if (pulse.TakeDue())
            {
                yield return SessionUpdate.Silence;
                pulse.Beat();
            }
            else
            {
                await wake.WaitAsync();
            }
        }

        Failure = TurnFailures.StoreAway;
    }

    public void Dispose()
    {
        foreach (var session in sessions)
        {
            session.Dispose();
        }
    }

    private static async ValueTask<IReadOnlyList<SessionUpdate>> ReadChangesAsync(
        SessionWatch session, StorePatience patience, CancellationToken cancellationToken)
    {
        if (!session.HasNews || !patience.MayTry)
        {
            return [];
        }

        try
        {
            var changes = await session.ReadChangesAsync(cancellationToken);
            patience.Worked();
            return changes;
        }
        catch (StoreException)
        {
            patience.Failed();
            return [];
        }
    }

    private static async ValueTask<SessionUpdate?> NextEventAsync(
        SessionWatch session, StorePatience patience, CancellationToken cancellationToken)
    {
        var isTriedAgain = session.NeedsStore;
        if (isTriedAgain && !patience.MayTry)
        {
            return null;
        }

        try
        {
            var next = await session.NextEventAsync(cancellationToken);
            if (isTriedAgain)
            {
                patience.Worked();
            }

            return next;
        }
        catch (StoreException)
        {
            patience.Failed();
            return null;
        }
    }
}
