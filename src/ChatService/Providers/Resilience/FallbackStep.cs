using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Resilience;

/// <summary>A step down a chain: what is tried next.</summary>
/// <param name="From">Alias of the model that failed.</param>
/// <param name="To">Alias of the model that is asked.</param>
internal sealed record FallbackStep(string Code, ModelEntry From, ModelEntry To)
{
    public const string NonStreaming = "FALLBACK_NON_STREAMING";
    public const string Prompt = "FALLBACK_PROMPT";
    public const string Model = "FALLBACK_MODEL";
    public const string Continued = "FALLBACK_CONTINUED";
    public const string Apology = "FALLBACK_APOLOGY";

    /// <summary>What was shown is withdrawn, for the model begins anew.</summary>
    public bool Retracts { get; init; }

    /// <param name="failure">Why the step is taken.</param>
    public Warning Warn(Failure failure) => new()
    {
        Code = Code,
        Message = $"{From.Alias} failed ({failure.Reason}): {Words}.",
        Metadata = { ["from"] = From.Alias, ["to"] = To.Alias, ["reason"] = failure.Reason },
    };

    private string Words => Code switch
    {
        NonStreaming => "it is asked for the whole answer at once",
        Prompt => "it is asked without instructions and context",
        Model when Retracts => $"what it said is withdrawn, and {To.Alias} answers instead",
        Model => $"{To.Alias} is asked instead",
        Continued when From.Alias == To.Alias => "it is asked to go on where it stopped",
        Continued => $"{To.Alias} is asked to go on where it stopped",
        _ => "no other model is left, and what follows is not a model's",
    };
}
