using Simulation.Tests.Model;

namespace Simulation.Tests.Tools;

/// <summary>What the tools of the simulation do, by their names.</summary>
internal static class ToolBehaviour
{
    public const string Quick = "quick";

    /// <summary>Tells how far it has come.</summary>
    public const string Slow = "slow";

    /// <summary>Makes a document.</summary>
    public const string Drawing = "drawing";

    public const string Failing = "failing";

    /// <summary>Ends when it is cancelled.</summary>
    public const string Hanging = "hanging";

    /// <summary>Does not heed that it is cancelled.</summary>
    public const string Deaf = "deaf";

    /// <summary>There is no such tool.</summary>
    public const string Missing = "missing";

    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static readonly string[] There = [Quick, Slow, Drawing, Failing, Hanging, Deaf];

    public static readonly string[] Names =
        [Quick, Quick, Quick, Slow, Slow, Drawing, Failing, Hanging, Deaf, Missing];

    public static string Did(string name) => $"did {name}";

    /// <summary>Whether the service runs it at all.</summary>
    public static bool IsRun(ScriptedCall call, int step) =>
        !call.IsForTheClient && call.Tool != Missing && call.Arguments == ScriptedArguments.Good
        && step <= ModelScript.MaxRounds;

    /// <summary>How the result of a call begins, and whether it is an error; null: its client says.</summary>
    public static (string Beginning, bool IsError)? Expected(ScriptedCall call, string name, int step) => call switch
    {
        _ when step > ModelScript.MaxRounds => ("No more tools can be called", true),
        { IsForTheClient: true, Arguments: ScriptedArguments.Good } => null,
        { IsForTheClient: true } => ("The arguments are no JSON object.", true),
        { Tool: Missing } => ("There is no tool missing.", true),
        { Arguments: ScriptedArguments.NoJson } => ("The arguments are no JSON:", true),
        { Arguments: ScriptedArguments.NoObject } => ("The arguments must be a JSON object.", true),
        { Tool: Failing } => ("The tool failed by InvalidOperationException.", true),
        { Tool: Hanging or Deaf } => ("The tool did not answer within 10 s.", true),
        _ => (Did(name), false),
    };
}
