using ChatGrpc.Model;
using Google.Rpc;

namespace ChatGrpc.Security;

/// <summary>Answers a request in place of what it asks for: as the end of a gRPC call, or in plain HTTP.</summary>
internal delegate Task WriteRefusal(HttpContext http, Refusal refusal);

/// <summary>Why a request does not come in.</summary>
/// <param name="Failure">What a gRPC call ends with.</param>
/// <param name="HttpStatus">What any other request is answered with; the text is the failure's.</param>
internal sealed record Refusal(Failure Failure, int HttpStatus)
{
    private const string HowTo = "send one as 'authorization: Bearer KEY' or 'x-api-key: KEY'.";

    public static Refusal CredentialsMissing { get; } = Unauthenticated(
        "CREDENTIALS_MISSING", $"This service wants a key: {HowTo}");

    public static Refusal CredentialsMalformed { get; } = Unauthenticated(
        "CREDENTIALS_MALFORMED", $"That is no key of this service, which begin with {ApiKey.Prefix}: {HowTo}");

    public static Refusal CredentialsAmbiguous { get; } = Unauthenticated(
        "CREDENTIALS_AMBIGUOUS", "There is more than one key: send one, once.");

    /// <summary>The same for keys that never were and keys that are no more.</summary>
    public static Refusal CredentialsRefused { get; } = Unauthenticated(
        "CREDENTIALS_REFUSED", "The key is unknown or revoked: ask whoever runs the service for another.");

    public static Refusal HostNotAllowed { get; } = new(
        new Failure(
            Code.PermissionDenied,
            "HOST_NOT_ALLOWED",
            "The service is not known by this host name: whoever runs it can add the name to Chat:Hosts."),
        StatusCodes.Status400BadRequest);

    public static Refusal OriginNotAllowed { get; } = new(
        new Failure(
            Code.PermissionDenied,
            "ORIGIN_NOT_ALLOWED",
            "Pages of this origin may not use the service: whoever runs it can add the origin to Chat:Origins."),
        StatusCodes.Status403Forbidden);

    private static Refusal Unauthenticated(string reason, string message) =>
        new(new Failure(Code.Unauthenticated, reason, message), StatusCodes.Status401Unauthorized);
}
