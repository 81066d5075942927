using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Simulation.Tests.Model;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>What holds of the store after each commit, and over restarts: who waits for a client waits on.</summary>
internal sealed class CommitRules(Ledger ledger, MemoryStore store, Workload workload, ToolRuns runs)
{
    private readonly List<StreamRecord> _waiting = [];
    private readonly List<string> _running = [];

    /// <summary>
    /// The service has given its turns the time that it gives: one that comes to wait just then, and does not know it
    /// yet, is interrupted like those that run.
    /// </summary>
    public bool IsHurried { get; set; }

    public StreamState? StateOf(TurnWrite write) => store.Find(write.StreamId)?.Record.State;

    public void OpenedByDead(string streamId) => ledger.OpenedByDead(streamId);

    /// <param name="before">The stream's state before the commit.</param>
    /// <param name="place">Where it was made.</param>
    public void Committed(TurnWrite write, StreamState? before, Place place)
    {
        var stream = store.Find(write.StreamId)!;
        var name = ledger.Trace.Alias(write.StreamId, "s");
        if (write.Closing is not { } closing)
        {
            if (stream.Answer.Steps.Count > 0 && stream.Record.State != Expected(stream))
            {
                ledger.Violate($"{name} is {stream.Record.State} in the store, and should be {Expected(stream)}");
            }

            return;
        }

        var isAnswered = write.Events.Any(each => each.ToolResult is not null);
        if (before == StreamState.Waiting && closing.State == StreamState.Interrupted && !isAnswered
            && workload.Weather != Weather.RefusedStream && !IsHurried)
        {
            ledger.Violate($"{name} waited for its client and is interrupted");
        }

        var isExcused = workload.Weather == Weather.RefusedStream
            || write.Events.Any(each => each.Error?.Reason == "TURN_OPENED_LATE");
        if (before == StreamState.Queued && closing.State == StreamState.Interrupted && !isExcused)
        {
            ledger.Violate($"{name} waited for its session and is interrupted");
        }

        runs.Ended(Story.KeyOf(stream), place);
    }

    /// <summary>A stream that ran in another process is taken over.</summary>
    public void TookOver(string streamId)
    {
        if (workload.Weather is Weather.Drains or Weather.CalmReplicas or Weather.RollingRestarts)
        {
            ledger.Violate($"{ledger.Trace.Alias(streamId, "s")} was left behind by a service that stopped in order");
        }
    }

    /// <summary>A process has died or stopped: nothing changes in the store until another one is there.</summary>
    public void IsGone()
    {
        _waiting.Clear();
        _running.Clear();
        _running.AddRange(store.Streams.Select(stream => stream.Record)
            .Where(stream => stream.State == StreamState.Running).Select(stream => stream.StreamId));
        _waiting.AddRange(store.Streams.Select(stream => stream.Record).Where(IsWaiting));
    }

    /// <summary>A process has come up.</summary>
    public void IsUp()
    {
        foreach (var before in _waiting)
        {
            var now = store.Find(before.StreamId)!.Record;

            // Whoever comes up slowly may find that it has waited long enough.
            var isOver = store.Find(before.StreamId)!.Events.Any(
                each => each.Error?.Reason == "TOOL_RESULT_TIMEOUT");
            if (!(IsWaiting(now) || isOver) || now.Epoch <= before.Epoch)
            {
                ledger.Violate(
                    $"{ledger.Trace.Alias(before.StreamId, "s")} waited in epoch {before.Epoch}, and is {now.State} "
                    + $"in epoch {now.Epoch} after a restart");
            }
        }

        // A commit of the dead process may have come late, and it waits since then.
        if (_running.Find(streamId => store.Find(streamId)!.Record.State == StreamState.Running) is { } left)
        {
            ledger.Violate($"{ledger.Trace.Alias(left, "s")} ran in a process that is gone, and a new one is up");
        }

        _waiting.Clear();
        _running.Clear();
    }

    private static bool IsWaiting(StreamRecord stream) => stream.State == StreamState.Waiting;

    // It waits exactly while nothing is missing but what its client has to give.
    private static StreamState Expected(StoredStream stream)
    {
        var answers = stream.Answer.Steps.Where(step => step.Kind == StepKind.Model).ToList();
        var results = stream.Events.Select(each => each.ToolResult?.Id).ToHashSet();
        var missing = answers[^1].Events.Select(each => each.ToolCall).OfType<ToolCall>()
            .Where(call => !results.Contains(call.Id)).ToList();
        return answers.Count <= ModelScript.MaxRounds && missing.Count > 0
            && missing.TrueForAll(
                call => call.Kind == ToolKind.Client && CalledTools.AreArguments(call.ArgumentsJson))
                ? StreamState.Waiting
                : StreamState.Running;
    }
}
