using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>A reader, or why there is none.</summary>
internal readonly record struct ReadResult(TurnReader? Reader, Failure? Failure)
{
    public static implicit operator ReadResult(Failure failure) => new(null, failure);

    public static implicit operator ReadResult(TurnReader reader) => new(reader, null);
}

/// <summary>
/// Opens readers: of turns that are open here, of those that are open elsewhere, and of those that have ended.
/// </summary>
internal sealed class TurnReading(
    IChatStore store, TurnRegistry turns, TurnFollower follower, Drain drain, IOptions<TurnOptions> options,
    TimeProvider time)
{
    private readonly TurnOptions _options = options.Value;

    /// <summary>Reads a stream again.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<ReadResult> ResumeAsync(
        string tenantId, Resume resume, Pacing? pacing, CancellationToken cancellationToken)
    {
        // Whoever has read a later epoch knows more than this process: it was taken for dead, and has not heard of it.
        if (turns.Find(tenantId, resume.StreamId) is { Log.Failure: null } turn
            && resume.Epoch <= turn.Record.Epoch)
        {
            // What is committed may have been read elsewhere before this process hears of its commit.
            var place = await PlaceAsync(resume, turn.Record, turn.Log.LastSequence, cancellationToken);
            return place < 0
                ? ReadFailures.BeyondTheEnd(turn.Record.Epoch, turn.Log.ShownSequence)
                : Open(turn, place, pacing, await TurnsAheadAsync(turn.Record, turn.IsQueued, cancellationToken));
        }

        return await store.FindStreamAsync(tenantId, resume.StreamId, cancellationToken) switch
        {
            null => ReadFailures.StreamNotFound,

            { IsOpen: true } when drain.HasBegun => TurnFailures.Stopping,
            { IsOpen: true } running => await FollowAsync(running, resume, pacing, cancellationToken),
            { HasLog: false } expired => ReadFailures.LogExpired(expired),
            var ended => await PlaceAsync(resume, ended, ended.LastSequence, cancellationToken) switch
            {
                < 0 => ReadFailures.BeyondTheEnd(ended.Epoch, ended.LastSequence),
                var place => Reader(tenantId, TurnLog.Ended(ended), Describe(ended, place), pacing, model: null),
            },
        };
    }

    // Another incarnation runs it, or it runs nowhere and is about to be taken over. What its owner has shown and not
    // yet committed is waited for: it comes, or the stream comes into a new epoch.
    private async Task<ReadResult> FollowAsync(
        StreamRecord running, Resume resume, Pacing? pacing, CancellationToken cancellationToken)
    {
        var place = await PlaceAsync(resume, running, long.MaxValue, cancellationToken);
        if (place < 0)
        {
            return ReadFailures.BeyondTheEnd(running.Epoch, running.LastSequence);
        }

        var info = Describe(running, place);
        info.TurnsAhead = await TurnsAheadAsync(running, running.State == StreamState.Queued, cancellationToken);
        return Reader(running.TenantId, follower.Follow(running), info, pacing, model: null);
    }

    /// <summary>Reads a turn that is open here.</summary>
    public TurnReader Open(Turn turn, long resumedAfter, Pacing? pacing, int turnsAhead)
    {
        var info = Describe(turn.Record, resumedAfter);
        info.State = turn.Log.FinalState ?? turn.OpenState;
        info.TurnsAhead = turn.IsQueued ? turnsAhead : 0;
        return Reader(turn.Record.TenantId, turn.Log, info, pacing, turn.Rate);
    }

    /// <summary>
    /// Describes a turn to one who has read it to a place; it is read on from there, if it can be.
    /// </summary>
    /// <param name="last">No place can be behind it.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<SessionInfo> DescribeAsync(
        StreamRecord stream, long last, Resume known, CancellationToken cancellationToken) =>
        Describe(stream, Math.Max(0, await PlaceAsync(known, stream, last, cancellationToken)));

    private TurnReader Reader(
        string tenantId, TurnLog log, SessionInfo info, Pacing? pacing, SpeakingRate? model)
    {
        var pace = pacing is null ? null : new ReaderPace(pacing, model, log, drain, time);
        return new TurnReader(tenantId, info, log, store, _options.Heartbeat, pace, time);
    }

    // What was shown beyond the last commit of an earlier epoch is withdrawn. Negative: the place is no place.
    private async Task<long> PlaceAsync(
        Resume resume, StreamRecord stream, long last, CancellationToken cancellationToken)
    {
        if (resume.AfterSequence == 0)
        {
            return 0;
        }

        if (resume.Epoch == stream.Epoch)
        {
            return resume.AfterSequence <= last ? resume.AfterSequence : -1;
        }

        return resume.Epoch < stream.Epoch
            ? Math.Min(
                resume.AfterSequence,
                await store.FindFenceAsync(stream.TenantId, stream.StreamId, resume.Epoch, cancellationToken))
            : -1;
    }

    private async Task<int> TurnsAheadAsync(StreamRecord stream, bool isQueued, CancellationToken cancellationToken)
    {
        if (!isQueued)
        {
            return 0;
        }

        var open = await store.ListSessionStreamsAsync(stream.TenantId, stream.SessionId, cancellationToken);
        return open.TakeWhile(other => other.StreamId != stream.StreamId).Count();
    }

    private SessionInfo Describe(StreamRecord stream, long resumedAfter) => new()
    {
        StreamId = stream.StreamId,
        Epoch = stream.Epoch,
        ResumedAfter = resumedAfter,
        SessionId = stream.SessionId,
        UserMessageId = stream.UserMessageId,
        MessageId = stream.MessageId,
        Model = stream.Model,
        ResolvedModel = stream.ResolvedModel,
        Provider = stream.Provider,
        State = stream.State,
        RetentionSeconds = (long)_options.Retention.TotalSeconds,
        ContinuesStreamId = stream.ContinuesStreamId,
    };
}
