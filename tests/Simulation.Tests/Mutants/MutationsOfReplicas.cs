using static Simulation.Tests.Mutants.Mutant;

namespace Simulation.Tests.Mutants;

/// <summary>Mistakes in how processes share a store: whose a turn is, and who reads it where.</summary>
internal static class MutationsOfReplicas
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. new[]
        {
            Statement(
                "a woken owner keeps its turns",
                "Turns/TurnStart.cs",
                "incarnation.Died += turns.GiveUp;",
                ""),
            Expression(
                "who is declared dead does not hear it",
                "Turns/Incarnation.cs",
                "await store.RenewAsync(_id, Lease, CancellationToken.None)",
                "(await store.RenewAsync(_id, Lease, CancellationToken.None) || true)"),
            Statement(
                "a look that fails is the last",
                "Turns/TakeoverWatch.cs",
                "_hasFailed = true;",
                "await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);"),
            Expression(
                "who follows a turn looks at hints alone",
                "Turns/TurnFollower.cs",
                "_alarm.WaitAsync(pace.Pause, CancellationToken.None)",
                "_alarm.WaitAsync(TimeSpan.FromDays(1), CancellationToken.None)"),
            Expression(
                "a queued turn that is taken over is not adopted",
                "Turns/TurnTakeover.cs",
                "left.Stream.State != StreamState.Running",
                "left.Stream.State == StreamState.Waiting"),
            Expression(
                "what ran elsewhere runs on in the same epoch",
                "Turns/TurnTakeover.cs",
                "left.Stream.State != StreamState.Running",
                "left.Stream != null"),
            Expression(
                "what a takeover in doubt has taken is not looked for",
                "Turns/TurnTakeover.cs",
                "time.GetElapsedTime(since) < StoreWaiting.LongestDelay",
                "time.GetElapsedTime(since) < TimeSpan.Zero"),
            Expression(
                "a follower keeps its readers across epochs",
                "Turns/TurnFollower.cs",
                "now.Epoch != followed.Epoch",
                "false"),
            Statement(
                "readers are forgotten when a later epoch is followed",
                "Turns/TurnFollower.cs",
                "known?.Log.Lose(TurnFailures.OwnerLost);",
                ""),
            Expression(
                "who has seen a later epoch is told of the earlier one",
                "Turns/TurnReading.cs",
                "resume.Epoch <= turn.Record.Epoch",
                "true"),
            Expression(
                "a result for a turn that was taken over is not awaited",
                "Turns/ResultTaking.cs",
                "turn.Log.Failure ?? (turn.Stop.Cause == StopCause.Shutdown ? TurnFailures.Stopping : NotAwaited)",
                "NotAwaited"),
            Statement(
                "what is wanted of a turn elsewhere is not done",
                "Turns/WishTaking.cs",
                "await DoAsync(wish, cancellationToken);",
                ""),
        }.Select(mutant => mutant with { IsOfReplicas = true }),
    ];
}
