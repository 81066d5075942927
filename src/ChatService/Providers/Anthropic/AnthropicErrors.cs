using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>What the names of Anthropic's errors mean.</summary>
internal sealed class AnthropicErrors(AnthropicOptions options, ProviderFailures failures)
    : WireErrors(
        new()
        {
            Host = options.Host,
            ApiKey = options.ApiKey,
            Kind = "Anthropic endpoint",
            Service = "/v1/messages",
            EndMarker = "message_stop",
        },
        failures)
{
    /// <summary>A request that this wire cannot put; null: it can.</summary>
    public Failure? Refuse(ModelRequest request)
    {
        // Clamped, it would answer otherwise than was asked, and nobody would know.
        if (request.Temperature > 1)
        {
            return Failures.Rejected("Anthropic's models take a temperature from 0 to 1: ask for less.");
        }

        if (request.Stop.Any(string.IsNullOrWhiteSpace))
        {
            return Failures.Rejected("Anthropic's models take no stop text of white space alone: leave it out.");
        }

        // Without it the conversation would end with the model's own words, and ask it to go on with them.
        return AnthropicRequestWriter.IsSent(request.Messages[^1])
            ? null
            : Failures.Rejected("Anthropic's models take no message of white space alone: say something.");
    }

    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter) => body.Type switch
    {
        // All of these are plain invalid requests by their name, and differ in words only.
        _ when Says(body, "prompt is too long") || Says(body, "exceed context limit") => TooLong(body),
        _ when Says(body, "content filtering policy") => Filtered(body),
        _ when Says(body, "credit balance is too low") => NothingLeft(body),
        "billing_error" => NothingLeft(body),
        "request_too_large" => TooLarge(body),
        "not_found_error" => NoModel(body),
        "authentication_error" or "permission_error" => RefusedKey(),
        "rate_limit_error" => RateLimited(body, retryAfter),
        "overloaded_error" => InTrouble(body, retryAfter, "overloaded"),
        "api_error" or "timeout_error" => InTrouble(body, retryAfter, "in trouble"),
        _ => null,
    };

    private static bool Says(WireErrorBody body, string words) =>
        body.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
