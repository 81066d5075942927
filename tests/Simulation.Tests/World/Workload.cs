using Chat.V1;
using Simulation.Tests.Model;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.World;

/// <summary>What goes wrong around the turns.</summary>
internal enum Weather
{
    Calm,
    FlakyStore,
    SlowStore,
    StoreOutage,
    UnknownCommits,
    RefusedStream,
    StoreAwayAtStart,
    Crashes,
    CrashesAndFlakyStore,
    CrashesAndUnknownCommits,

    /// <summary>A process that was given up for dead goes on.</summary>
    Zombies,

    Drains,

    /// <summary>Several processes share the store, here and below.</summary>
    CalmReplicas,

    RollingRestarts,

    /// <summary>A process dies while others live.</summary>
    OwnerCrashes,

    /// <summary>A process does nothing at all for a while, and goes on.</summary>
    FrozenOwners,

    /// <summary>A process does not reach the store for a while.</summary>
    CutOffOwners,

    /// <summary>The store is away for all, for longer than a lease.</summary>
    LeaseOutages,

    /// <summary>All of these.</summary>
    MixedReplicas,
}

/// <summary>One message that somebody sends, and how.</summary>
/// <param name="Text">Unique: by it the model knows its script, and the checks the message.</param>
/// <param name="RequestId">Empty: none.</param>
/// <param name="Repeats">How often it is sent again under its request id.</param>
/// <param name="SendsOther">Another message is sent under the request id too.</param>
/// <param name="Durability">What must be saved before it is shown.</param>
/// <param name="CarriesOn">Whether an answer that is not complete is carried on.</param>
/// <param name="Watchers">How many more read the stream.</param>
/// <param name="DropPercent">How likely a reader is gone after an event.</param>
/// <param name="SlowPercent">How likely a reader takes its time for an event.</param>
internal sealed record PlannedMessage(
    string Text,
    string SessionId,
    string RequestId,
    int Repeats,
    bool SendsOther,
    OnBusy OnBusy,
    OnDisconnect OnDisconnect,
    Coalescing? Coalescing,
    Durability Durability,
    bool CarriesOn,
    int Watchers,
    int DropPercent,
    int SlowPercent,
    TimeSpan Delay,
    ModelChain Chain,
    ModelScript Script)
{
    /// <summary>The seeds that requests carry: they tell the turns of one message apart.</summary>
    public const long SeedOfFirst = 1;

    public const long SeedOfMore = 2;
}

/// <summary>Who cancels what, and when.</summary>
internal sealed record PlannedCancel(
    PlannedMessage Message, CancelStreamRequest.TargetOneofCase Target, int Times, TimeSpan Delay);

/// <summary>What a schedule is about; the seed's first choices.</summary>
internal sealed record Workload(
    Weather Weather,
    int TailBytes,
    TimeSpan Heartbeat,
    IReadOnlyList<PlannedMessage> Messages,
    IReadOnlyList<PlannedCancel> Cancels)
{
    /// <summary>Several processes share the store.</summary>
    public bool IsReplicated => Weather >= Weather.CalmReplicas;

    public static Workload By(Chance chance, bool isReplicated)
    {
        var weather = chance.Of<Weather>(
            [.. Enum.GetValues<Weather>().Where(each => each >= Weather.CalmReplicas == isReplicated)]);
        var sessions = chance.Between(1, 3);
        var dropPercent = chance.Of(0, 0, 5, 20);
        var slowPercent = chance.Of(0, 0, 10, 40);
        List<PlannedMessage> messages =
        [
            .. Enumerable.Range(1, chance.Between(1, 5)).Select(
                i => Message(chance, i, $"session-{chance.Between(1, sessions)}", dropPercent, slowPercent)),
        ];
        if (weather is Weather.StoreOutage or >= Weather.CalmReplicas && chance.Percent(60))
        {
            // So that they go on talking while the store is away, and somebody is taken for dead.
            messages = messages.ConvertAll(message => message with { Script = message.Script.Slowly() });
        }

        List<PlannedCancel> cancels =
        [
            .. Enumerable.Range(0, chance.Of(0, 0, 1, 2, 3)).Select(_ => Cancel(chance, messages)),
        ];
        return new Workload(
            weather,
            chance.Of(300, 1_000, 4_000, 256 * 1024),
            chance.Of(TimeSpan.FromSeconds(15), TimeSpan.FromHours(1)),
            messages,
            cancels);
    }

    public override string ToString() =>
        $"{Weather}, tail {TailBytes} bytes, heartbeat {Heartbeat}; "
        + string.Join(
            "; ",
            Messages.Select(m => $"{m.Text} in {m.SessionId} ({m.OnBusy}) by {m.Chain.Alias}: {m.Script}"));

    private static PlannedMessage Message(Chance chance, int number, string session, int drop, int slow)
    {
        var hasRequestId = chance.Percent(50);
        var chain = chance.Percent(65) ? ModelChain.Alone : chance.Of<ModelChain>([.. ModelChain.All]);
        return new PlannedMessage(
            $"m{number}",
            session,
            hasRequestId ? $"request-{number}" : "",
            hasRequestId ? chance.Of(0, 0, 1, 3) : 0,
            hasRequestId && chance.Percent(30),
            chance.Of(OnBusy.Unspecified, OnBusy.Queue, OnBusy.Queue, OnBusy.Queue, OnBusy.Interrupt),
            chance.Percent(15) ? OnDisconnect.Cancel : OnDisconnect.Unspecified,
            chance.Percent(25)
                ? new Coalescing { MaxDelayMs = chance.Between(1, 300), MaxCharacters = chance.Between(20, 200) }
                : null,
            chance.Percent(20) ? Durability.Strict : Durability.Unspecified,
            chance.Percent(30),
            chance.Of(0, 0, 1, 2),
            drop,
            slow,
            chance.Milliseconds(0, 300),
            chain,
            ModelScript.By(chance, chain));
    }

    private static PlannedCancel Cancel(Chance chance, List<PlannedMessage> messages)
    {
        var message = chance.Of<PlannedMessage>([.. messages]);
        var target = chance.Of(
            CancelStreamRequest.TargetOneofCase.StreamId, CancelStreamRequest.TargetOneofCase.SessionId,
            message.RequestId.Length > 0
                ? CancelStreamRequest.TargetOneofCase.ClientRequestId
                : CancelStreamRequest.TargetOneofCase.StreamId);
        return new PlannedCancel(message, target, chance.Between(1, 2), chance.Milliseconds(0, 1_500));
    }
}
