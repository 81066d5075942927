using System.Collections.ObjectModel;
using Google.Rpc;

namespace ChatGrpc.Model;

/// <summary>
/// An expected failure, as a value. Its message is shown to clients: no secret and no prompt goes in.
/// </summary>
/// <param name="Code">The gRPC status code.</param>
/// <param name="Reason">UPPER_SNAKE and stable: what a program decides by.</param>
/// <param name="Message">What a person can act on.</param>
internal sealed record Failure(Code Code, string Reason, string Message)
{
    /// <summary>Sending the same again may work.</summary>
    public bool Retryable { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The request fields at fault.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    public static Failure InvalidRequest(IReadOnlyList<FieldViolation> violations) =>
        new(Code.InvalidArgument, "INVALID_REQUEST", string.Join(" ", violations.Select(v => $"{v.Field}: {v.Rule}.")))
        {
            Violations = violations,
        };
}

/// <summary>A request field, by its name in the proto, and the rule that it breaks.</summary>
internal sealed record FieldViolation(string Field, string Rule);
