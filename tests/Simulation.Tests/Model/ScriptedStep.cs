namespace Simulation.Tests.Model;

/// <summary>One answer of the model within a turn: the tries that it takes, and what they come to.</summary>
/// <param name="Texts">What is said until it is withdrawn, each time anew; the last one stays.</param>
/// <param name="Reason">Of its failure; empty: it ends well.</param>
/// <param name="Apologizes">All have failed, and nothing was said.</param>
internal sealed record ScriptedStep(
    IReadOnlyList<ScriptedTry> Tries, IReadOnlyList<string> Texts, string Reason, bool Apologizes)
{
    /// <summary>The tools that are run.</summary>
    public IReadOnlyList<ScriptedCall> Calls => Reason.Length == 0 ? Tries[^1].Calls : [];

    public string Text => Texts[^1];

    /// <summary>How long it may take until nobody waits any more for those that say nothing, in seconds.</summary>
    public int HangSeconds => Tries.Where(each => each.Ending == ScriptEnding.Hangs)
        .Sum(each => each.Streaming ? 75 : 315);
}
