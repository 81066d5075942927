using Chat.V1;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>One stream of a schedule that is over: what was planned, and what came of it.</summary>
internal sealed class Story
{
    public Story(SimulatedWorld world, StoredStream stream)
    {
        (World, Stream) = (world, stream);
        Message = world.Workload.Messages.First(message => message.Text == stream.UserText);
        Log = [.. stream.Events];
        Begun = SavedText(world.Store.Find(stream.Record.ContinuesStreamId));
        Paths = Message.Script.Paths(Begun);
    }

    public SimulatedWorld World { get; }

    public StoredStream Stream { get; }

    public PlannedMessage Message { get; }

    public List<StreamChatResponse> Log { get; }

    public string Key => KeyOf(Stream);

    /// <summary>The answer that this one carries on, as far as it was saved; empty: none.</summary>
    public string Begun { get; }

    /// <summary>What the answer can begin with, ever longer; the last is all of it.</summary>
    public IReadOnlyList<string> Paths { get; }

    public StreamEnd End => Log[^1].StreamEnd;

    public string Answer => Said(TokenChannel.Answer);

    /// <summary>Of the failure; null: none.</summary>
    public string? Reason => Log.Find(logged => logged.Error is not null)?.Error.Reason;

    public bool HasTrouble => World.Workload.Weather
        is not (Weather.Calm or Weather.Crashes or Weather.Drains or Weather.SlowStore or Weather.StoreAwayAtStart
            or Weather.CalmReplicas or Weather.RollingRestarts);

    public bool HasUnknownCommits => World.Workload.Weather
        is Weather.UnknownCommits or Weather.CrashesAndUnknownCommits or Weather.StoreOutage or >= Weather.OwnerCrashes;

    public static string KeyOf(PlannedMessage message, bool isContinued) => message.Text + (isContinued ? "+" : "");

    public static string KeyOf(StoredStream stream) =>
        stream.UserText + (stream.Record.ContinuesStreamId.Length > 0 ? "+" : "");

    public static string SavedText(StoredStream? stream) =>
        stream is null ? "" : string.Concat(stream.Answer.ToRecord().Parts.Select(part => part.Text));

    /// <summary>As a reader of the log has it: without what was withdrawn.</summary>
    public string Said(TokenChannel channel)
    {
        var said = new List<StreamChatResponse>();
        foreach (var logged in Log)
        {
            if (logged.Token?.Channel == channel)
            {
                said.Add(logged);
            }
            else if (logged.Retract is { } retract)
            {
                _ = said.RemoveAll(token => token.Sequence > retract.AfterSequence);
            }
        }

        return string.Concat(said.Select(logged => logged.Token.Text));
    }

    public void Expect(bool holds, string what)
    {
        if (!holds)
        {
            World.Ledger.Violate(
                $"{World.Trace.Alias(Stream.Record.StreamId, "s")}, the answer to {Key}: {what}");
        }
    }
}
