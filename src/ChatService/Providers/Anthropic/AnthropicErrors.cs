using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>The names that errors have at Anthropic.</summary>
internal sealed class AnthropicErrors(AnthropicOptions options, ProviderFailures failures)
    : WireErrors(options.Host, options.ApiKey, failures)
{
    protected override string Endpoint => "Anthropic endpoint";

    protected override string EndMarker => "message_stop";

    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter) => body.Type switch
    {
        "invalid_request_error" when Says(body, "prompt is too long") || Says(body, "exceed context limit") =>
            Failures.ContextTooLong($"The conversation is longer than the model takes.{Words(body)}"),
        "request_too_large" =>
            Failures.ContextTooLong($"The conversation is larger than {Host} takes in one request.{Words(body)}"),
        "invalid_request_error" when Says(body, "credit balance") => NothingLeft(body),
        "billing_error" => NothingLeft(body),
        "authentication_error" or "permission_error" => Unauthorized(body.Type),
        "not_found_error" => NoModel(body),
        "rate_limit_error" => RateLimited(body, retryAfter),
        "api_error" or "timeout_error" or "overloaded_error" => InTrouble(body.Type, body, retryAfter),
        _ => null,
    };

    private Failure NothingLeft(WireErrorBody body) => Failures.RateLimited(
        $"The service's account at {Host} has nothing left to spend.{Words(body)}", null, retryable: false);
}
