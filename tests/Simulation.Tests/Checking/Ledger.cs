using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Google.Protobuf;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>
/// Keeps what was seen in a schedule, and objects at once to what the contract forbids. It looks into the store past
/// all trouble.
/// </summary>
internal sealed class Ledger(MemoryStore store, Scheduler scheduler, Workload workload)
{
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, string> _streams = [];
    private readonly HashSet<string> _unwanted = [];
    private readonly HashSet<string> _openedByDead = [];

    public IReadOnlyList<string> Violations => _violations;

    public Trace Trace => scheduler.Trace;

    /// <summary>What cancels were told: the turn's last sequence.</summary>
    public List<(string StreamId, long LastSequence)> Cancels { get; } = [];

    /// <summary>A process has been stopped or has died.</summary>
    public bool OwnerWasLost { get; private set; }

    /// <summary>When nothing goes wrong any more; null: not yet.</summary>
    public TimeSpan? GoodWeatherSince { get; private set; }

    public void Violate(string what)
    {
        _violations.Add(what);
        Trace.Say($"VIOLATION: {what}");
    }

    /// <summary>
    /// The sender of a message without a request id is told that it cannot be saved, and does not come again.
    /// </summary>
    /// <param name="key">The turn's.</param>
    public void NotSaved(string key) => _unwanted.Add(key);

    public bool IsUnwanted(string key) => _unwanted.Contains(key);

    /// <summary>The store comes round to what a process asked for that is dead by now.</summary>
    public void OpenedByDead(string streamId) => _openedByDead.Add(streamId);

    /// <summary>A process finds a stream that nobody runs, as it may only in what a dead one left behind it.</summary>
    public void OrphanFound(string streamId)
    {
        if (!_openedByDead.Contains(streamId))
        {
            Violate($"{Trace.Alias(streamId, "s")} runs in the store and nowhere else");
        }
    }

    public void OwnerGone() => OwnerWasLost = true;

    public void WeatherIsGood() => GoodWeatherSince = scheduler.Now;

    /// <summary>The stream that answers a message; empty: nobody knows of one.</summary>
    public string StreamOf(PlannedMessage message) => _streams.GetValueOrDefault(message.Text, "");

    /// <summary>The message's stream, if it has ended before its answer was complete; else null.</summary>
    public string? Unfinished(PlannedMessage message) =>
        store.Find(StreamOf(message))?.Record is { IsOpen: false, State: not StreamState.Completed } ended
            ? ended.StreamId
            : null;

    /// <summary>A client learned its stream.</summary>
    public void Opened(PlannedMessage message, SessionInfo info)
    {
        var streamId = info.StreamId;
        if (info.ContinuesStreamId.Length == 0 && !_streams.TryAdd(message.Text, streamId)
            && _streams[message.Text] != streamId && message.RequestId.Length > 0)
        {
            Violate($"{message.RequestId} has two streams");
        }
    }

    public bool IsCommitted(string streamId, long sequence, byte[] bytes) =>
        store.Find(streamId)?.Events.FirstOrDefault(logged => logged.Sequence == sequence) is { } logged
        && logged.ToByteArray().AsSpan().SequenceEqual(bytes);

    /// <summary>Nothing of the stream may be shown before it is committed.</summary>
    public bool IsStrict(string streamId) => store.Find(streamId)?.Request.Durability == Durability.Strict;

    public long Fence(string streamId, long epoch) =>
        store.FindFenceAsync(ServiceInstance.Tenant, streamId, epoch, CancellationToken.None).GetAwaiter().GetResult();

    public bool MayBeCancelled(PlannedMessage message) =>
        workload.Cancels.Any(cancel => cancel.Message.SessionId == message.SessionId)
        || workload.Messages.Any(
            other => other.OnBusy == OnBusy.Interrupt && other.SessionId == message.SessionId)
        || message.OnDisconnect == OnDisconnect.Cancel;

    /// <summary>What has to have ended when the cancel returns.</summary>
    public IReadOnlyList<StoredStream> Cancelling(CancelStreamRequest request) => request.TargetCase switch
    {
        CancelStreamRequest.TargetOneofCase.SessionId =>
            [.. store.Streams.Where(s => s.Record.SessionId == request.SessionId && s.Record.IsOpen)],
        CancelStreamRequest.TargetOneofCase.ClientRequestId =>
            [.. store.Streams.Where(stream => stream.RequestId == request.ClientRequestId)],
        _ => [.. store.Streams.Where(stream => stream.Record.StreamId == request.StreamId)],
    };

    public void Cancelled(IReadOnlyList<StoredStream> targets, StreamRecord? answer)
    {
        Trace.Say($"canceller: {(answer is null ? "no such turn" : $"{answer.State} at {answer.LastSequence}")}");
        if (targets.FirstOrDefault(target => target.Record.IsOpen) is { } open)
        {
            Violate($"a cancel returns while {Trace.Alias(open.Record.StreamId, "s")} is {open.Record.State}");
        }

        if (answer is { IsOpen: true })
        {
            Violate($"a cancel returns the state {answer.State}");
        }

        if (answer is null && targets.Count > 0)
        {
            Violate("a cancel does not find its turn");
        }

        if (answer is not null)
        {
            Cancels.Add((answer.StreamId, answer.LastSequence));
        }
    }

    /// <summary>How a send came out.</summary>
    public void Sent(PlannedMessage message, Failure? failure, bool isOther)
    {
        var isExpected = failure?.Reason switch
        {
            null => true,
            "CONNECTION_LOST" or "STORE_UNAVAILABLE" => true,
            "SERVICE_STOPPING" or "OWNER_LOST" or "TURN_INTERRUPTED" => OwnerWasLost,
            "SESSION_BUSY" => message.OnBusy == OnBusy.Unspecified,
            "REQUEST_ID_TAKEN" => message.SendsOther,
            _ => false,
        };
        if (!isExpected)
        {
            Violate($"{message.Text}{(isOther ? "-other" : "")} is refused: {failure!.Reason}");
        }
    }
}
