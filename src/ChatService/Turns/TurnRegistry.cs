using System.Collections.Concurrent;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>The open turns of this process: lets them run, finds them, and ends them.</summary>
internal sealed class TurnRegistry(
    TurnRunner runner, TurnFlusher flusher, Drain drain, IOptions<TurnOptions> options, TimeProvider time)
{
    // A turn beside its log: its request, its script, its provider's connection.
    private const long TurnBytes = 64 * 1024;

    private readonly TurnOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, Turn> _open = new();
    private volatile bool _isLeavingWaiting;

    /// <summary>No turns begin any more.</summary>
    public bool IsStopping => drain.HasBegun;

    public bool HasRunning => Array.Exists(Running(), turn => !turn.IsWaiting);

    public bool HasOpen => !_open.IsEmpty;

    /// <summary>What the open turns hold, roughly.</summary>
    public long MemoryBytes => _open.Values.Sum(turn => TurnBytes + turn.PromptBytes + turn.Log.HeldBytes);

    /// <summary>
    /// A turn that is about to be opened, or is already, in the store. Known here before the store knows of it: whoever
    /// finds it there can end it here.
    /// </summary>
    /// <param name="earlier">What an earlier process made of one that waits for its client; null: nothing.</param>
    public Turn Add(
        StreamRecord record, StreamChatRequest request, ModelEntry model, long arrived,
        EarlierTurn? earlier = null)
    {
        var turn = new Turn(record, request, model, _options, time, flusher.Enqueue)
        {
            Arrived = arrived,
            Earlier = earlier,
        };
        if (earlier is not null)
        {
            // Before anybody can find it: its client may answer at once.
            turn.ClientCalls.Restore(earlier.Steps, record.LastSequence);
            turn.BeginWaiting(drain);
            turn.Promote();
        }

        // Taken over once more, it is in a later epoch: who reads the earlier one would wait for ever.
        var former = _open.GetValueOrDefault(record.StreamId);
        _open[record.StreamId] = turn;
        if (former is not null)
        {
            GiveUp(former);
        }

        return turn;
    }

    /// <summary>The turn is in the store; it runs when it is promoted.</summary>
    public void Begin(Turn turn)
    {
        turn.HasBegun = true;
        turn.EndOpening();

        // Whoever gives away what waits either sees that it has begun or is seen here.
        if (_isLeavingWaiting)
        {
            _ = turn.Leave(isGivenAway: false);
        }

        _ = RunAsync(turn);
    }

    /// <summary>
    /// The turn is not in the store and never will be; or it is another's, and then there may be readers of it here.
    /// </summary>
    public void Remove(Turn turn)
    {
        turn.Log.GiveUp(TurnFailures.OwnerLost);
        Forget(turn);
        turn.Stop.Dispose();
    }

    /// <summary>
    /// Those that wait in the store, for their session or their client: they write nothing by which it would come out
    /// that they are another's.
    /// </summary>
    public IReadOnlyList<Turn> Parked() => [.. InOrder().Where(turn => turn.IsParked)];

    /// <summary>All are others' now.</summary>
    public void GiveUp() => Array.ForEach(InOrder(), GiveUp);

    /// <summary>It is another's.</summary>
    public void GiveUp(Turn turn)
    {
        turn.Stop.TryStop(StopCause.LostLease);
        turn.Log.GiveUp(TurnFailures.OwnerLost);
    }

    /// <summary>Null: no such turn is open here.</summary>
    public Turn? Find(string tenantId, string streamId) =>
        _open.TryGetValue(streamId, out var turn) && turn.Record.TenantId == tenantId ? turn : null;

    /// <summary>Whether it is open here. What an earlier life had of it, before it was taken over, is not it.</summary>
    public bool Has(StreamRecord stream) =>
        Find(stream.TenantId, stream.StreamId) is { } turn && turn.Record.Epoch >= stream.Epoch;

    /// <summary>A queued turn may run, by the store's word.</summary>
    public void Promote(string streamId)
    {
        if (_open.TryGetValue(streamId, out var turn))
        {
            turn.Promote();
        }
    }

    /// <summary>Ends turns, if they are open here. Returns after their closing commits.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task EndAsync(IReadOnlyList<Turn> turns, StopCause cause, CancellationToken cancellationToken)
    {
        foreach (var turn in turns)
        {
            turn.Stop.TryStop(cause);
        }

        try
        {
            await Task.WhenAll(turns.Select(turn => turn.Completion))
                .WaitAsync(_options.ClosingCommit, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new StoreException(TurnFailures.StoreAway.Message, late);
        }
    }

    /// <summary>
    /// Begins no more turns, and sends away who reads those that wait, now and from now on: others go on with them.
    /// Returns which those are, when none of them is here any more.
    /// </summary>
    public async Task<IReadOnlyList<string>> LeaveWaitingAsync()
    {
        _isLeavingWaiting = true;
        drain.Begin();
        var left = Parked().Where(turn => turn.Leave(isGivenAway: true)).ToList();
        await Task.WhenAll(left.Select(turn => turn.Completion));
        return left.ConvertAll(turn => turn.Record.StreamId);
    }

    /// <summary>
    /// Begins no more turns, lets those that run come to their end until the token says that it takes too long, and
    /// ends the rest as interrupted. Returns when all are saved. What waits, for its session or its client, waits in
    /// the store for the next start.
    /// </summary>
    public async Task DrainAsync(CancellationToken hurry)
    {
        drain.Begin();
        Array.ForEach(InOrder(), turn => turn.StopIfWaiting(StopCause.Shutdown));
        await using var hurried = hurry.UnsafeRegister(static all => ((TurnRegistry)all!).InterruptRunning(), this);

        // One that is being opened runs: whoever sent it was not refused.
        await Task.WhenAll(InOrder().Select(turn => turn.Opened)).WaitAsync(hurry)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        while (Running() is { Length: > 0 } running)
        {
            // One that began to run while the others were interrupted is interrupted here.
            if (hurry.IsCancellationRequested)
            {
                InterruptRunning();
            }

            await Task.WhenAll(running.Select(turn => turn.Completion));
        }

        var queued = InOrder();
        Array.ForEach(queued, turn => turn.Stop.TryStop(StopCause.Shutdown));
        await Task.WhenAll(queued.Select(turn => turn.Completion));
        drain.End();
    }

    private Turn[] Running() => [.. InOrder().Where(turn => !turn.IsQueued)];

    // As they came, and not as their ids happen to be hashed: what a stop does can be repeated.
    private Turn[] InOrder() =>
        [.. _open.Values.OrderBy(turn => turn.Arrived).ThenBy(turn => turn.Record.SessionId, StringComparer.Ordinal)];

    private void InterruptRunning() => Array.ForEach(Running(), turn => turn.Stop.TryStop(StopCause.Shutdown));

    private async Task RunAsync(Turn turn)
    {
        await Task.Yield();
        await runner.RunAsync(turn);
        if (turn.SuccessorId is { } next)
        {
            Promote(next);
        }

        Forget(turn);
    }

    private void Forget(Turn turn)
    {
        // Taken over again by a later life of this process, it is another one by now.
        _open.TryRemove(KeyValuePair.Create(turn.Record.StreamId, turn));
        turn.EndOpening();
        turn.Complete();
    }
}
