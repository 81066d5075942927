using static Simulation.Tests.Mutants.Mutant;

namespace Simulation.Tests.Mutants;

/// <summary>Mistakes in how turns call tools, and wait for those who run them.</summary>
internal static class MutationsOfTools
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Statement(
            "a client's result is logged twice",
            "Turns/ToolStep.cs",
            "yield return results.Add(new StreamChatResponse { ToolResult = given.Value });",
            """
            yield return results.Add(new StreamChatResponse { ToolResult = given.Value.Clone() });
            yield return results.Add(new StreamChatResponse { ToolResult = given.Value });
            """),
        Statement(
            "a turn waits before the store knows",
            "Turns/ToolStep.cs",
            """
            await turn.Log.SavedAsync(turn.Log.LastSequence).WaitAsync(cancellationToken);
                    turn.BeginWaiting(drain);
            """,
            "turn.BeginWaiting(drain);"),
        Statement(
            "a model is asked before its last result is saved",
            "Turns/ToolStep.cs",
            """
            // and ask it once more.
                    await turn.Log.SavedAsync(turn.Log.LastSequence).WaitAsync(cancellationToken);
            """,
            ""),
        Statement(
            "a result is acknowledged before its commit",
            "Turns/ResultTaking.cs",
            "await Task.WhenAny(given!.Logged, turn.Completion).WaitAsync(cancellationToken);",
            "return new TakenResult(StreamState.Running, Failure: null);"),
        Expression(
            "another result is taken for the same",
            "Turns/ClientCalls.cs",
            "IsSame(given.Value, result)",
            "true"),
        Expression(
            "a turn that waits does not hear of its cancel",
            "Turns/ClientCalls.cs",
            "cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _signal)",
            "default(CancellationTokenRegistration)"),
        Expression(
            "the model is asked again after a restart",
            "Turns/AgentScript.cs",
            "turn.Earlier?.Steps ?? []",
            "new List<TurnStep>()"),
        Statement(
            "a restart forgets which calls are awaited",
            "Turns/TurnRegistry.cs",
            "turn.ClientCalls.Restore(earlier.Steps, record.LastSequence);",
            ""),
        Expression(
            "the service's stop ends a turn that waits",
            "Turns/TurnRunner.cs",
            "turn is { Stop.Cause: StopCause.Shutdown } and ({ IsQueued: true } or { IsWaiting: true })",
            "turn is { Stop.Cause: StopCause.Shutdown, IsQueued: true }"),
        Expression(
            "a turn begins to wait while the service stops, and nobody sees it",
            "Turns/Turn.cs",
            "drain.HasBegun",
            "false"),
        Expression(
            "the tries before a restart are not told",
            "Turns/TurnRunner.cs",
            "turn.Earlier?.Steps.SelectMany(step => step.Attempts).ToList() ?? []",
            "new List<Attempt>()"),
        Expression(
            "a tool does not hear that its turn has ended",
            "Tools/ToolRound.cs",
            "stop.Token",
            "CancellationToken.None"),
        Expression(
            "a call gets the id of an earlier one",
            "Turns/CalledTools.cs",
            "before.All(call => call.Id != id)",
            "true"),
    ];
}
