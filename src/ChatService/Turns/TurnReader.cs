using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Follows a turn's log: first session_info, then every event, heartbeats while nothing comes, and the end. It reads
/// back from the store what it was too slow to find in memory.
/// </summary>
/// <param name="pace">Null: events come at once.</param>
internal sealed class TurnReader(string tenantId, SessionInfo sessionInfo, TurnLog log, IChatStore store,
    TimeSpan heartbeat, ReaderPace? pace, TimeProvider time)
{
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
            var cursor = new LogCursor(tenantId, sessionInfo.StreamId, log, store, sessionInfo.ResumedAfter);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (await MoveNextAsync(cursor, cancellationToken))
                {
                    case LogPosition.Event:
                        while (pace?.Wait is { } wait && wait > TimeSpan.Zero)
                        {
                            await Task.Delay(ReaderPace.Slice(wait, heartbeat), time, cancellationToken);
                            if (pace.IsOver)
                            {
                                Failure = TurnFailures.Stopping;
                                yield break;
                            }

                            if (pulse.TakeDue())
                            {
                                yield return new StreamChatResponse { Heartbeat = new Heartbeat() };
                                pulse.Beat();
                            }
                        }

                        Error ??= cursor.Current!.Error;
                        yield return cursor.Current!;
                        pace?.Shown(cursor.Current!);
                        pulse.Beat();
                        break;
                    case LogPosition.AtEnd when pulse.TakeDue():
                        yield return new StreamChatResponse { Heartbeat = new Heartbeat() };
                        pulse.Beat();
                        break;
                    case LogPosition.AtEnd:
                        await signal.WaitAsync();
                        break;
                    case LogPosition.Lost:
                        Failure ??= await ExplainAsync(cursor.Failure, cancellationToken);
                        yield break;
                    case LogPosition.Ended when cursor.Sequence > log.LastSequence:
                        // Its owner had shown more when it was asked for, or so its reader says.
                        Failure = ReadFailures.BeyondTheEnd(sessionInfo.Epoch, log.LastSequence);
                        yield break;
                    case LogPosition.Ended:
                        await FindErrorAsync(cursor.Sequence, cancellationToken);
                        yield break;
                }
            }
        }
        finally
        {
            log.RemoveReader(signal);
        }
    }

    // The store cannot be read: the turn does not mind, and it can be asked again later.
    private async ValueTask<LogPosition> MoveNextAsync(LogCursor cursor, CancellationToken cancellationToken)
    {
        try
        {
            return await cursor.MoveNextAsync(cancellationToken);
        }
        catch (StoreException)
        {
            Failure = TurnFailures.StoreAway;
            return LogPosition.Lost;
        }
    }

    // Its time may have been over before its reader was through, which is another thing than a deleted session.
    private async Task<Failure?> ExplainAsync(Failure? failure, CancellationToken cancellationToken)
    {
        try
        {
            return failure == TurnFailures.StreamDeleted
                && await store.FindStreamAsync(tenantId, StreamId, cancellationToken) is { HasLog: false } expired
                ? ReadFailures.LogExpired(expired)
                : failure;
        }
        catch (StoreException)
        {
            return TurnFailures.StoreAway;
        }
    }

    // Who resumes after the turn's error has not seen it in this reading, and the call's status is the same for all.
    private async Task FindErrorAsync(long last, CancellationToken cancellationToken)
    {
        if (sessionInfo.ResumedAfter <= last - LastEvents || Error is not null)
        {
            return;
        }

        var ending = new LogCursor(tenantId, sessionInfo.StreamId, log, store, Math.Max(0, last - LastEvents));
        while (Error is null && await MoveNextAsync(ending, cancellationToken) == LogPosition.Event)
        {
            Error = ending.Current!.Error;
        }
    }
}
