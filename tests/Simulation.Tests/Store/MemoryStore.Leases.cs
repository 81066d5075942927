using Chat.V1;
using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

/// <summary>An incarnation that lives, as 0006-leases.sql has it.</summary>
internal sealed record StoredLease(DateTimeOffset SteadySince, DateTimeOffset Until);

// Where there is no clock, the store is one process's alone: nobody has a lease, and all others are dead.
internal sealed partial class MemoryStore
{
    private readonly Dictionary<string, StoredLease> _leases = [];

    public bool IsShared => clock is not null;

    /// <summary>Called when an incarnation is declared dead, by whom; in a store that is shared.</summary>
    public event Action<string, string>? DeclaredDead;

    /// <summary>The turns of an incarnation are nobody's to take.</summary>
    public bool IsAlive(string incarnation) => _leases.ContainsKey(incarnation);

    /// <summary>Its turns are, or could be.</summary>
    public bool IsOver(string incarnation) =>
        !_leases.TryGetValue(incarnation, out var lease) || lease.Until < Now;

    public Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        IsShared ? DoAsync(() => Enter(incarnation, lease), cancellationToken) : Task.CompletedTask;

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        IsShared ? DoAsync(() => Renew(incarnation, lease), cancellationToken) : Task.FromResult(true);

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) =>
        IsShared ? DoAsync(() => Leave(incarnation), cancellationToken) : Task.CompletedTask;

    private DateTimeOffset Now => clock!.GetUtcNow();

    private bool Enter(string incarnation, TimeSpan lease)
    {
        var since = _leases.Values.Where(known => IsInGoodTime(known, lease)).Select(known => known.SteadySince);
        _leases[incarnation] = new StoredLease(since.Append(Now).Min(), Now + lease);
        return true;
    }

    private bool Renew(string incarnation, TimeSpan lease)
    {
        if (!_leases.TryGetValue(incarnation, out var known))
        {
            return false;
        }

        var isInTime = IsInGoodTime(known, lease) || flaw == StoreFlaw.LateRenewalGoesOn;
        var since = isInTime && known.SteadySince < Now ? known.SteadySince : Now;
        _leases[incarnation] = new StoredLease(since, Now + lease);
        return true;
    }

    private bool IsInGoodTime(StoredLease known, TimeSpan lease) =>
        known.Until - Now >= lease / 2 && known.Until - Now <= lease;

    private bool Leave(string incarnation) => _leases.Remove(incarnation);

    private bool Release(string incarnation, IReadOnlyList<string> waiting)
    {
        foreach (var stream in Streams.Where(stream => stream.Owner == incarnation
            && stream.Record.State is (StreamState.Queued or StreamState.Waiting)
            && waiting.Contains(stream.Record.StreamId)))
        {
            stream.Owner = "";
        }

        foreach (var unrun in Streams.Where(stream => stream.Owner == incarnation
            && stream.Record is { State: StreamState.Running, LastSequence: 0 }
            && waiting.Contains(stream.Record.StreamId)))
        {
            unrun.Owner = "";
            Show(unrun, StreamState.Queued);
        }

        return true;
    }

    private void DeclareDead(string taker, TimeSpan lease)
    {
        if (!_leases.TryGetValue(taker, out var own) || own.Until - Now <= lease / 2
            || (own.SteadySince >= Now - lease && flaw != StoreFlaw.DeclaresDeadAtOnce))
        {
            return;
        }

        foreach (var (dead, _) in _leases.Where(each => each.Value.Until < Now).ToList())
        {
            _ = _leases.Remove(dead);
            DeclaredDead?.Invoke(dead, taker);
        }
    }

    private IReadOnlyList<StoredTurn> TakeOver(string taker, TimeSpan lease)
    {
        if (IsShared)
        {
            DeclareDead(taker, lease);
            if (!_leases.TryGetValue(taker, out var own) || own.Until <= Now)
            {
                return [];
            }
        }

        var left = Streams.Where(stream => stream.Record.IsOpen && IsLeft(stream.Owner)).ToList();
        foreach (var stream in left)
        {
            var epochs = flaw == StoreFlaw.KeepsEpochOfTaken ? 0 : 1;
            stream.Owner = taker;
            stream.Record = stream.Record with { Epoch = stream.Record.Epoch + epochs };
        }

        return [.. left.Select(Stored)];

        bool IsLeft(string owner) =>
            owner != taker && (!IsShared || !IsAlive(owner) || flaw == StoreFlaw.TakesFromTheLiving);
    }

    private string? PromoteIn(StoredSession session, string owner)
    {
        string? promoted = null;
        foreach (var next in session.Streams.Where(stream => stream.Record.State == StreamState.Queued).ToList())
        {
            var isOwned = !IsShared || next.Owner == owner || flaw == StoreFlaw.PromotesForOthers;
            if (!isOwned || IsToEnd(next)
                || (session.Running is not null && (flaw != StoreFlaw.PromotesAll || promoted is null)))
            {
                break;
            }

            promoted ??= next.Record.StreamId;
            Show(next, StreamState.Running);
        }

        return promoted;
    }

    private Dictionary<string, StreamState> PromoteQueued(string incarnation, IReadOnlyList<string> waiting)
    {
        foreach (var session in Sessions.Where(session => !IsShared || session.Streams.Exists(
            stream => stream.Record.State == StreamState.Queued && stream.Owner == incarnation)).ToList())
        {
            _ = PromoteIn(session, incarnation);
        }

        return Streams.Where(stream => stream.Owner == incarnation && stream.Record.IsOpen)
            .IntersectBy(waiting, stream => stream.Record.StreamId)
            .ToDictionary(stream => stream.Record.StreamId, stream => stream.Record.State);
    }
}
