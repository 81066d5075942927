using static Simulation.Tests.Mutants.Mutant;

namespace Simulation.Tests.Mutants;

/// <summary>Mistakes in what is done when a model fails.</summary>
internal static class MutationsOfChains
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Statement(
            "what was withdrawn stays in the answer",
            "Turns/TokenScribe.cs",
            "_said.Withdraw(_mark);",
            ""),
        Statement(
            "a retract withdraws nothing for its readers",
            "Turns/TokenScribe.cs",
            "retract.Retract.AfterSequence = _markedSequence;",
            "retract.Retract.AfterSequence = _log.LastSequence;"),
        Statement(
            "what was withdrawn before a restart comes back",
            "Turns/AnswerReplay.cs",
            "Said.Withdraw(_tokens[first].Place);",
            ""),
        Expression(
            "a model is asked again after its text was shown",
            "Providers/Resilience/Retrying.cs",
            "said.Kind == ModelEventKind.Failed && !shown",
            "said.Kind == ModelEventKind.Failed"),
        Expression(
            "another model begins anew behind the first one's text",
            "Providers/Resilience/FallbackWalk.cs",
            "retracting is null ? null : retracting with { Retracts = true }",
            "retracting"),
        Expression(
            "a model that goes on is not told from where",
            "Providers/Resilience/FallbackWalk.cs",
            "_asked.Begun + _answer",
            "_asked.Begun + \"?\""),
    ];
}
