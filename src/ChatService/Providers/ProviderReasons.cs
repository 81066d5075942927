namespace ChatGrpc.Providers;

/// <summary>Why a provider's try failed, as a program reads it: docs/protocol.md has them in words.</summary>
internal static class ProviderReasons
{
    public const string Unreachable = "PROVIDER_UNREACHABLE";
    public const string Error = "PROVIDER_ERROR";
    public const string Cut = "PROVIDER_STREAM_CUT";
    public const string NoFirstToken = "FIRST_TOKEN_TIMEOUT";
    public const string Stalled = "STALL_TIMEOUT";
    public const string CircuitOpen = "PROVIDER_CIRCUIT_OPEN";
    public const string Authentication = "PROVIDER_AUTHENTICATION";
    public const string RateLimited = "PROVIDER_RATE_LIMITED";
    public const string ModelUnavailable = "MODEL_UNAVAILABLE";
    public const string ContentFiltered = "CONTENT_FILTERED";
    public const string ContextTooLong = "CONTEXT_TOO_LONG";
    public const string Rejected = "PROVIDER_REJECTED_REQUEST";
    public const string NoList = "MODEL_LIST_UNAVAILABLE";
}
