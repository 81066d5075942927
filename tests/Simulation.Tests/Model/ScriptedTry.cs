using ChatGrpc.Providers;

namespace Simulation.Tests.Model;

/// <summary>How one call of a model ends.</summary>
internal enum ScriptEnding
{
    Finished,

    /// <summary>Asked again, the same model may answer.</summary>
    Busy,

    /// <summary>It would not.</summary>
    Refused,

    /// <summary>The wire ends without an end marker.</summary>
    Cut,

    /// <summary>The provider's client has a bug.</summary>
    Throws,

    /// <summary>Nothing more comes, until somebody cancels.</summary>
    Hangs,
}

/// <summary>One call of a model, as it is expected, and what it says.</summary>
/// <param name="Model">The provider's own name of the model that is asked.</param>
/// <param name="Streaming">It is asked for the answer piece by piece.</param>
/// <param name="Begun">What tries before it said and it is to carry on; empty: nothing.</param>
/// <param name="Calls">The tools that it calls after its text.</param>
internal sealed record ScriptedTry(
    string Model,
    bool Streaming,
    string Begun,
    IReadOnlyList<ModelEvent> Deltas,
    IReadOnlyList<ScriptedCall> Calls,
    ScriptEnding Ending)
{
    public string Answer { get; } = string.Concat(
        Deltas.Where(delta => delta.Kind == ModelEventKind.Answer).Select(delta => delta.Text));

    /// <summary>The readers have seen something of it.</summary>
    public bool IsShown => Deltas.Count > 0 || Calls.Count > 0;

    /// <summary>What the service calls its failure; empty: it has none.</summary>
    public string Reason => Ending switch
    {
        ScriptEnding.Finished => "",
        ScriptEnding.Busy => ModelScript.Busy.Reason,
        ScriptEnding.Refused => ModelScript.Refused.Reason,
        ScriptEnding.Cut => "PROVIDER_STREAM_CUT",
        ScriptEnding.Throws => "INTERNAL",
        _ => IsShown ? "STALL_TIMEOUT" : "FIRST_TOKEN_TIMEOUT",
    };
}
