using ChatGrpc.Model;

namespace ChatGrpc.Providers.Resilience;

/// <summary>What else may help, where a model failed.</summary>
[Flags]
internal enum Remedies
{
    None = 0,

    /// <summary>The same model, asked for the whole answer at once.</summary>
    WholeAnswer = 1,

    /// <summary>The same model without instructions and context.</summary>
    PlainPrompt = 2,

    /// <summary>Another model.</summary>
    OtherModel = 4,
}

/// <summary>The one table of what is done about which failure.</summary>
internal static class FailureRules
{
    /// <summary>
    /// What may help before anything was said. A filter is an answer: no other model is asked for another one.
    /// </summary>
    public static Remedies RemediesFor(Failure failure) => failure.Reason switch
    {
        ProviderReasons.ContentFiltered => Remedies.None,
        ProviderReasons.Error or ProviderReasons.Cut or ProviderReasons.Stalled =>
            Remedies.WholeAnswer | Remedies.OtherModel,
        ProviderReasons.Rejected or ProviderReasons.ContextTooLong =>
            Remedies.PlainPrompt | Remedies.OtherModel,

        // Unreachable, refused, overrun, not there, too slow: the same model would fail again.
        _ => Remedies.OtherModel,
    };

    /// <summary>
    /// Asked again, the same model may answer. Not so where its silence took a minute, or where it was not even asked.
    /// </summary>
    public static bool IsWorthARetry(Failure failure) =>
        failure is { Retryable: true, Reason: not (ProviderReasons.NoFirstToken or ProviderReasons.CircuitOpen) };

    /// <summary>The provider is in trouble. Every other failure shows that it answers.</summary>
    public static bool IsOutage(Failure failure) => failure.Reason
        is ProviderReasons.Unreachable or ProviderReasons.Error or ProviderReasons.Cut or ProviderReasons.NoFirstToken
        or ProviderReasons.Stalled;
}
