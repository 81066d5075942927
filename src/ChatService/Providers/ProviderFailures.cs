using ChatGrpc.Model;
using Google.Rpc;

namespace ChatGrpc.Providers;

/// <summary>The ways in which a provider can fail a turn, told apart so that a client can act on them.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Model">The provider's own name of the model.</param>
internal sealed record ProviderFailures(string Provider, string Model)
{
    /// <summary>No connection, or it broke before the answer began.</summary>
    public Failure Network(string message) =>
        New(Code.Unavailable, ProviderReasons.Unreachable, message, retryable: true);

    /// <summary>The provider itself is in trouble, or said what nobody can read.</summary>
    public Failure Broken(string message, bool retryable = true) =>
        New(Code.Unavailable, ProviderReasons.Error, message, retryable);

    /// <summary>The answer ended without its end marker.</summary>
    public Failure Cut(string message) =>
        New(Code.Unavailable, ProviderReasons.Cut, message, retryable: true);

    /// <summary>Nothing came at all. Whoever asks the same model again would wait as long again.</summary>
    public Failure NoFirstToken(TimeSpan limit) => New(
        Code.DeadlineExceeded, ProviderReasons.NoFirstToken,
        $"The model said nothing for {limit.TotalSeconds:0.###} s.",
        retryable: true);

    public Failure Stalled(TimeSpan limit) => New(
        Code.DeadlineExceeded, ProviderReasons.Stalled,
        $"The model fell silent in the middle of the answer for {limit.TotalSeconds:0.###} s.", retryable: true);

    /// <summary>It failed so often that it is not asked for a while.</summary>
    public Failure CircuitOpen(TimeSpan retryAfter) => New(
        Code.Unavailable, ProviderReasons.CircuitOpen,
        "The model failed too often just now and is left alone for a while.",
        retryable: true) with
    { RetryAfter = retryAfter };

    /// <summary>The provider refuses the service's key: for the operator to mend, not for the caller.</summary>
    public Failure Authentication(string message) =>
        New(Code.FailedPrecondition, ProviderReasons.Authentication, message, retryable: false);

    /// <summary>Too much at once, or (not retryable) the account has nothing left.</summary>
    public Failure RateLimited(string message, TimeSpan? retryAfter, bool retryable = true) =>
        New(Code.ResourceExhausted, ProviderReasons.RateLimited, message, retryable) with { RetryAfter = retryAfter };

    /// <summary>It does not say which models it has; that is no sign that it does not answer for them.</summary>
    public Failure NoList(string message) => New(Code.Unavailable, ProviderReasons.NoList, message, retryable: false);

    public Failure ModelUnavailable(string message, bool retryable) =>
        New(Code.Unavailable, ProviderReasons.ModelUnavailable, message, retryable);

    public Failure ContentFiltered(string message) =>
        New(Code.InvalidArgument, ProviderReasons.ContentFiltered, message, retryable: false);

    public Failure ContextTooLong(string message) =>
        New(Code.InvalidArgument, ProviderReasons.ContextTooLong, message, retryable: false);

    /// <summary>The provider will not have the request as it is.</summary>
    public Failure Rejected(string message) =>
        New(Code.InvalidArgument, ProviderReasons.Rejected, message, retryable: false);

    private Failure New(Code code, string reason, string message, bool retryable) =>
        new(code, reason, message)
        {
            Retryable = retryable,
            Metadata = new Dictionary<string, string> { ["provider"] = Provider, ["model"] = Model },
        };
}
