using ChatGrpc.Model;
using ChatGrpc.Tools;
using Google.Rpc;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Tools;

namespace Simulation.Tests.Model;

/// <summary>What the models say to one message: answer for answer, as long as they call tools.</summary>
internal sealed record ModelScript(IReadOnlyList<ScriptedStep> Steps, int PausePercent)
{
    /// <summary>Before a piece, at most; in milliseconds.</summary>
    public int LongestPause { get; init; } = 200;

    /// <summary>How often a turn runs tools before its model is told that there is no more.</summary>
    public const int MaxRounds = 2;

    public static readonly Failure Busy =
        new(Code.ResourceExhausted, "PROVIDER_BUSY", "The model is busy.") { Retryable = true };

    public static readonly Failure Refused =
        new(Code.FailedPrecondition, "PROVIDER_AUTHENTICATION", "The key is wrong.");

    /// <summary>How it ends if nobody interferes: a failure's reason; empty: it is complete.</summary>
    public string Reason =>
        Steps[^1] is { Reason: { Length: > 0 } reason } ? reason
        : Steps[^1].Calls.Count > 0 ? "TOOL_ROUNDS_EXCEEDED"
        : "";

    public bool HasTools => Steps.Any(step => step.Calls.Count > 0);

    /// <summary>The calls of the tools that the client runs, beside those that are refused.</summary>
    public IEnumerable<ScriptedCall> ClientCalls => Steps.Take(MaxRounds).SelectMany(step => step.Calls)
        .Where(call => call is { IsForTheClient: true, Arguments: ScriptedArguments.Good });

    /// <summary>How long it may take, for all who are silent in it: models, tools, clients.</summary>
    public TimeSpan Silence => TimeSpan.FromSeconds(Steps.Sum(step =>
        step.HangSeconds
        + (step.Tries.Sum(each => each.Deltas.Count + each.Calls.Count) * LongestPause / 1_000)
        + (step.Calls.Any(call => !call.IsForTheClient) ? 15 : 0)
        + (step.Calls.Any(call => call.IsForTheClient) ? 45 : 0)));

    /// <summary>What the answer can begin with, ever longer; the last is all of it.</summary>
    /// <param name="begun">What it carries on; empty: nothing.</param>
    public IReadOnlyList<string> Paths(string begun)
    {
        var paths = new List<string>();
        var (before, hasSpoken) = (begun, false);
        foreach (var step in Steps)
        {
            var apology = step.Apologizes && !hasSpoken && begun.Length == 0 ? ModelChain.Apology : "";
            foreach (var text in step.Texts.SkipLast(1).Append(step.Text + apology))
            {
                paths.Add(StorableText.Of(before + (hasSpoken && text.Length > 0 ? "\n\n" : "") + text));
            }

            hasSpoken |= step.Text.Length > 0 || begun.Length > 0;
            before = paths[^1];
        }

        return paths;
    }

    public static ModelScript By(Chance chance, ModelChain chain)
    {
        var steps = new List<ScriptedStep>();
        var isCalm = chain == ModelChain.Alone;
        var rounds = chance.Percent(40) ? chance.Of(1, 1, 1, 2, 2, 3, 4) : 0;
        var ids = chance.Of("", "", "call_own", "call_0");
        for (var number = 1; steps.Count == 0 || steps[^1].Calls.Count > 0; number++)
        {
            // Once it has been told that there is no more and does not heed it, it is not asked again.
            if (number > MaxRounds + 2)
            {
                break;
            }

            var calls = number <= rounds ? Calls(chance, number, ids) : [];
            steps.Add(new StepWriting(chance, chain, calls, isCalm).Write());
        }

        return new ModelScript(steps, chance.Of(0, 0, 20, 60));
    }

    /// <summary>The same, by models that take their time for each piece.</summary>
    public ModelScript Slowly() => this with { PausePercent = 100, LongestPause = 2_000 };

    public override string ToString() => string.Join(
        ", then ",
        Steps.Select(step => $"{string.Join('>', step.Tries.Select(each => each.Ending))}"
            + string.Concat(step.Calls.Select(call => " " + Told(call)))));

    private static string Told(ScriptedCall call) => call.IsForTheClient ? $"{call.Tool}({call.Client})" : call.Tool;

    private static ScriptedCall[] Calls(Chance chance, int step, string ids) =>
    [
        .. Enumerable.Range(1, chance.Of(1, 1, 2, 3)).Select(index => new ScriptedCall(
            chance.Percent(50) ? ScriptedCall.ClientTool : chance.Of(ToolBehaviour.Names),
            chance.Percent(10)
                ? chance.Of(ScriptedArguments.NoJson, ScriptedArguments.NoObject)
                : ScriptedArguments.Good,
            ids == "call_own" ? $"{ids}_{step}_{index}" : ids,
            chance.Between(1, 3),
            chance.Of(
                ClientBehaviour.Once, ClientBehaviour.Once, ClientBehaviour.Once, ClientBehaviour.TwiceTheSame,
                ClientBehaviour.TwiceAnother, ClientBehaviour.TwoAtOnce, ClientBehaviour.WrongIdFirst,
                ClientBehaviour.Late, ClientBehaviour.Never))),
    ];
}
