using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Follows a turn's log: first session_info, then every event, heartbeats while nothing comes, and the end. It reads
/// back from the store what it was too slow to find in memory.
/// </summary>
internal sealed class TurnReader(SessionInfo sessionInfo, TurnLog log, IChatStore store, TimeSpan heartbeat,
    TimeProvider time)
{
    // A batch read back from the store is held for one reader; about 64 KiB of ordinary tokens.
    private const int ReadBack = 1_000;

    // A turn's last events: warning, error, response_saved, stream_end.
    private const int LastEvents = 4;

    public string StreamId => sessionInfo.StreamId;

    /// <summary>Why the reading ended before stream_end, once it has.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>The turn's error, once the reading has ended with stream_end; null: it did not fail.</summary>
    public Error? Error { get; private set; }

    public async IAsyncEnumerable<StreamChatResponse> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new StreamChatResponse { SessionInfo = sessionInfo };

        var signal = new AsyncSignal();
        using var pulse = new Pulse(heartbeat, time, signal);
        await using var cancelled = cancellationToken.UnsafeRegister(static s => ((AsyncSignal)s!).Set(), signal);
        log.AddReader(signal);
        try
        {
            var sequence = sessionInfo.ResumedAfter;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (log.Read(sequence, out var found))
                {
                    case LogPosition.Event:
                        sequence = found!.Sequence;
                        Error ??= found.Error;
                        yield return found;
                        pulse.Beat();
                        break;
                    case LogPosition.AtEnd when pulse.TakeDue():
                        yield return new StreamChatResponse { Heartbeat = new Heartbeat() };
                        pulse.Beat();
                        break;
                    case LogPosition.AtEnd:
                        await signal.WaitAsync();
                        break;
                    case LogPosition.BeforeTail:
                        if (await ReadBackAsync(sequence, cancellationToken) is not { Count: > 0 } olds)
                        {
                            Failure ??= TurnFailures.StreamDeleted;
                            yield break;
                        }

                        foreach (var old in olds)
                        {
                            sequence = old.Sequence;
                            Error ??= old.Error;
                            yield return old;
                            pulse.Beat();
                        }

                        break;
                    case LogPosition.Lost:
                        Failure = log.Failure;
                        yield break;
                    case LogPosition.Ended:
                        await FindErrorAsync(sequence, cancellationToken);
                        yield break;
                }
            }
        }
        finally
        {
            log.RemoveReader(signal);
        }
    }

    // Who resumes after the turn's error has not seen it in this reading, and the call's status is the same for all.
    private async Task FindErrorAsync(long last, CancellationToken cancellationToken)
    {
        if (sessionInfo.ResumedAfter > last - LastEvents && Error is null
            && await ReadBackAsync(Math.Max(0, last - LastEvents), cancellationToken) is { } ending)
        {
            Error = ending.FirstOrDefault(one => one.Error is not null)?.Error;
        }
    }

    // Null: the store cannot be read, and Failure says so. The turn does not mind, and it can be asked again later.
    private async Task<IReadOnlyList<StreamChatResponse>?> ReadBackAsync(
        long afterSequence, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadEventsAsync(sessionInfo.StreamId, afterSequence, ReadBack, cancellationToken);
        }
        catch (StoreException)
        {
            Failure = TurnFailures.StoreAway;
            return null;
        }
    }
}
