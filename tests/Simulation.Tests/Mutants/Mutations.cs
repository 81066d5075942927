using static Simulation.Tests.Mutants.Mutant;

namespace Simulation.Tests.Mutants;

/// <summary>Mistakes that somebody could make in the turns.</summary>
internal static class Mutations
{
    private static readonly IReadOnlyList<Mutant> OfTurns =
    [
        Statement(
            "stream_end is shown before its commit",
            "Turns/TurnLog.cs",
            "_shown = isStrict ? _shown : _last + shownAtOnce;",
            "_shown = _last + last.Count;"),
        Statement(
            "a strict turn shows what is not saved",
            "Turns/TurnLog.cs",
            "_shown = isStrict ? _shown : _last;",
            "_shown = _last;"),
        Statement(
            "a waiter is not woken",
            "Turns/AsyncSignal.cs",
            "_core.SetResult(true);",
            ""),
        Expression(
            "the tail evicts what is not committed",
            "Turns/TurnLog.cs",
            "_tail.First <= _committed",
            "_tail.First < _last"),
        Statement(
            "a reader skips an event that it reads back",
            "Turns/LogCursor.cs",
            "_taken = Math.Min(1, _batch.Count);",
            "_taken = Math.Min(2, _batch.Count);"),
        Expression(
            "a stream that is set aside keeps its epoch",
            "Turns/SettingAside.cs",
            "turn.Record.Epoch + 1",
            "turn.Record.Epoch"),
        Expression(
            "resuming forgets what an epoch withdrew",
            "Turns/TurnReading.cs",
            "resume.Epoch == stream.Epoch",
            "resume.Epoch <= stream.Epoch"),
        Expression(
            "a cancel does not wait for the closing commit",
            "Turns/TurnRegistry.cs",
            """
            Task.WhenAll(turns.Select(turn => turn.Completion))
                            .WaitAsync(_options.ClosingCommit, time, cancellationToken)
            """,
            "Task.CompletedTask"),
        Statement(
            "a failed commit counts as done",
            "Turns/TurnFlusher.cs",
            "turn.Log.Failed(isSent && failure.OutcomeUnknown ? write : null);",
            "turn.Log.Committed(write);"),
        Statement(
            "a commit that failed is not tried again",
            "Turns/TurnFlusher.cs",
            "turn.Log.Failed(isSent && failure.OutcomeUnknown ? write : null);",
            ""),
        Expression(
            "the last event of a commit is written again",
            "Turns/TurnLog.cs",
            "_committed < write.LastSequence",
            "_committed < write.LastSequence - 1"),
        Statement(
            "a commit makes no room",
            "Turns/TurnLog.cs",
            "_uncommittedBytes -= _tail.BytesOf(_committed + 1);",
            ""),
        Expression(
            "a request id is not claimed",
            "Turns/TurnOpening.cs",
            "request.ClientRequestId",
            "\"\""),
        Expression(
            "the model is asked before the opening commit",
            "Turns/DoubtedOpenings.cs",
            "store.OpenTurnAsync(draft, CancellationToken.None)",
            """
            ((Func<Task<OpenResult>>)(() =>
            {
                turn.Promote();
                turns.Begin(turn);
                return store.OpenTurnAsync(draft, CancellationToken.None);
            }))()
            """),
        Statement(
            "the next turn is not told that it may run",
            "Turns/TurnRegistry.cs",
            "Promote(next);",
            ""),
        Statement(
            "what waited is not taken on at the start",
            "Turns/TurnTakeover.cs",
            "adopted.ForEach(turns.Begin);",
            ""),
        Expression(
            "an answer that was cut is complete",
            "Providers/Resilience/Attempting.cs",
            "ModelEvent.Failed(failure)",
            "ModelEvent.Finished(Chat.V1.FinishReason.Stop, \"stop\")"),
        Expression(
            "reasoning goes into the answer",
            "Turns/AnswerText.cs",
            "(channel == TokenChannel.Reasoning ? _reasoning : _answer)",
            "_answer"),
        Statement(
            "what was gathered last is forgotten",
            "Turns/TokenScribe.cs",
            "_gathering?.End();",
            ""),
        Statement(
            "half a character is forgotten",
            "Turns/ScalarAssembler.cs",
            "_held = text[^1];",
            "_held = '\\0';"),
    ];

    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. OfTurns, .. MutationsOfTrouble.All, .. MutationsOfTools.All, .. MutationsOfChains.All,
        .. MutationsOfReplicas.All,
    ];
}
