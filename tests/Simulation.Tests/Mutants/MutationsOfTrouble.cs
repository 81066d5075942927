using static Simulation.Tests.Mutants.Mutant;

namespace Simulation.Tests.Mutants;

/// <summary>Mistakes in what the turns do while the store is in trouble.</summary>
internal static class MutationsOfTrouble
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Expression(
            "a commit of unknown outcome that is fenced is taken for another owner's",
            "Turns/TurnFlusher.cs",
            "turn.Log.IsInDoubt(write)",
            "false"),
        Expression(
            "a write of unknown outcome is tried again with more in it",
            "Turns/TurnLog.cs",
            "_doubted is not null",
            "false"),
        Expression(
            "what came after a write in doubt is not asked for",
            "Turns/TurnLog.cs",
            "!isAll",
            "false"),
        Statement(
            "a closing in doubt is given up when the store is away again",
            "Turns/TurnFlusher.cs",
            """
            Log.FlushFailed(_logger, 1, away);
                        turn.Log.Failed(write);
                        return false;
            """,
            "turn.Log.GiveUp(TurnFailures.OwnerLost); return true;"),
        Statement(
            "an opening of unknown outcome counts as failed",
            "Turns/DoubtedOpenings.cs",
            "isDoubted |= failure.OutcomeUnknown;",
            ""),
        Statement(
            "an opening is not looked after when its sender has been told",
            "Turns/DoubtedOpenings.cs",
            "LookAfter(turn, mayBeSentAgain: draft.ClientRequestId.Length > 0);",
            "turns.Remove(turn);"),
        Expression(
            "an opening that is not there yet counts as failed",
            "Turns/DoubtedOpenings.cs",
            "time.GetElapsedTime(since) < StoreWaiting.LongestDelay",
            "time.GetElapsedTime(since) < TimeSpan.FromTicks(1)"),
        Statement(
            "a message whose sender was told that it is not saved is answered",
            "Turns/DoubtedOpenings.cs",
            "turn.Stop.TryStop(StopCause.OpenedLate);",
            ""),
        Expression(
            "an opening that was committed at the first try is taken for another's",
            "Turns/DoubtedOpenings.cs",
            "result.Outcome == OpenOutcome.SentBefore && result.StreamId == turn.Record.StreamId",
            "false"),
        Expression(
            "calls come in before the store is there",
            "Turns/TurnStart.cs",
            "_ready.IsReached ? null : drain.HasBegun ? TurnFailures.Stopping : TurnFailures.StoreAway",
            "null"),
        Expression(
            "a start asks an absent store once",
            "Turns/StoreWaiting.cs",
            "!away.Refused",
            "false"),
        Statement(
            "nobody is warned of an outage",
            "Turns/StoreOutage.cs",
            "_underWay = new Commit(time.GetTimestamp());",
            ""),
        Expression(
            "each event of an outage has its warning",
            "Turns/TurnRunner.cs",
            "noticed == turn.OutageTold",
            "false"),
        Expression(
            "an outage is never over",
            "Turns/StoreOutage.cs",
            "(_failed ?? _underWay) is { } first && time.GetElapsedTime(first.Began) > LongestHiccup ? first : null",
            "_failed ?? _underWay"),
    ];
}
