using ChatGrpc.Model;
using Google.Rpc;

namespace ChatGrpc.Providers;

/// <summary>The ways in which a provider can fail a turn, told apart so that a client can act on them.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Model">The provider's own name of the model.</param>
internal sealed record ProviderFailures(string Provider, string Model)
{
    public const string NoListReason = "MODEL_LIST_UNAVAILABLE";

    /// <summary>No connection, or it broke before the answer began.</summary>
    public Failure Network(string message) =>
        New(Code.Unavailable, "PROVIDER_UNREACHABLE", message, retryable: true);

    /// <summary>The provider itself is in trouble, or said what nobody can read.</summary>
    public Failure Broken(string message, bool retryable = true) =>
        New(Code.Unavailable, "PROVIDER_ERROR", message, retryable);

    /// <summary>The answer ended without its end marker.</summary>
    public Failure Cut(string message) =>
        New(Code.Unavailable, "PROVIDER_STREAM_CUT", message, retryable: true);

    /// <summary>Nothing came at all. Whoever asks the same model again would wait as long again.</summary>
    public Failure NoFirstToken(TimeSpan limit) => New(
        Code.DeadlineExceeded, "FIRST_TOKEN_TIMEOUT", $"The model said nothing for {limit.TotalSeconds:0.###} s.",
        retryable: true);

    public Failure Stalled(TimeSpan limit) => New(
        Code.DeadlineExceeded, "STALL_TIMEOUT",
        $"The model fell silent in the middle of the answer for {limit.TotalSeconds:0.###} s.", retryable: true);

    /// <summary>The provider refuses the service's key: for the operator to mend, not for the caller.</summary>
    public Failure Authentication(string message) =>
        New(Code.FailedPrecondition, "PROVIDER_AUTHENTICATION", message, retryable: false);

    /// <summary>Too much at once, or (not retryable) the account has nothing left.</summary>
    public Failure RateLimited(string message, TimeSpan? retryAfter, bool retryable = true) =>
        New(Code.ResourceExhausted, "PROVIDER_RATE_LIMITED", message, retryable) with { RetryAfter = retryAfter };

    /// <summary>It does not say which models it has; that is no sign that it does not answer for them.</summary>
    public Failure NoList(string message) => New(Code.Unavailable, NoListReason, message, retryable: false);

    public Failure ModelUnavailable(string message, bool retryable) =>
        New(Code.Unavailable, "MODEL_UNAVAILABLE", message, retryable);

    public Failure ContentFiltered(string message) =>
        New(Code.InvalidArgument, "CONTENT_FILTERED", message, retryable: false);

    public Failure ContextTooLong(string message) =>
        New(Code.InvalidArgument, "CONTEXT_TOO_LONG", message, retryable: false);

    /// <summary>The provider will not have the request as it is.</summary>
    public Failure Rejected(string message) =>
        New(Code.InvalidArgument, "PROVIDER_REJECTED_REQUEST", message, retryable: false);

    private Failure New(Code code, string reason, string message, bool retryable) =>
        new(code, reason, message)
        {
            Retryable = retryable,
            Metadata = new Dictionary<string, string> { ["provider"] = Provider, ["model"] = Model },
        };
}
