using System.Text;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using Google.Rpc;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Model;

/// <summary>How the model's answer ends.</summary>
internal enum ScriptEnding
{
    Finished,
    Failed,

    /// <summary>The wire ends without an end marker.</summary>
    Cut,

    /// <summary>The provider's client has a bug.</summary>
    Throws,

    /// <summary>Nothing more comes, until somebody cancels.</summary>
    Hangs,
}

/// <summary>What the model says to one message.</summary>
internal sealed record ModelScript(IReadOnlyList<ModelEvent> Deltas, ScriptEnding Ending, int PausePercent)
{
    public static readonly Failure Failure =
        new(Code.ResourceExhausted, "PROVIDER_BUSY", "The model is busy.") { Retryable = true };

    public string Answer { get; } = string.Concat(
        Deltas.Where(delta => delta.Kind == ModelEventKind.Answer).Select(delta => delta.Text));

    public static ModelScript By(Chance chance)
    {
        var deltas = new List<ModelEvent>();
        var padding = new string('x', chance.Of(0, 0, 20, 200));
        var count = chance.Of(0, 1, 3, 8, 20);
        for (var i = 1; i <= count; i++)
        {
            var text = $"w{i}{padding} ";
            if (chance.Percent(10))
            {
                // A pair whose halves come apart.
                deltas.Add(ModelEvent.Answer(text + "\ud83d"));
                deltas.Add(ModelEvent.Answer("\ude00"));
            }
            else
            {
                deltas.Add(chance.Percent(15) ? ModelEvent.Reasoning(text) : ModelEvent.Answer(text));
            }
        }

        var ending = chance.Of(
            ScriptEnding.Finished, ScriptEnding.Finished, ScriptEnding.Finished, ScriptEnding.Finished,
            ScriptEnding.Finished, ScriptEnding.Failed, ScriptEnding.Cut, ScriptEnding.Throws, ScriptEnding.Hangs);
        return new ModelScript(deltas, ending, chance.Of(0, 0, 20, 60));
    }

    public override string ToString() => new StringBuilder()
        .Append(Deltas.Count).Append(" deltas, then ").Append(Ending).ToString();
}
