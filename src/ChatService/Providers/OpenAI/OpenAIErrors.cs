using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>What the names of errors mean at OpenAI and at the servers that are compatible with it.</summary>
internal sealed class OpenAIErrors(OpenAIOptions options, ProviderFailures failures)
    : WireErrors(
        new()
        {
            Host = options.Host,
            ApiKey = options.ApiKey,
            Kind = "OpenAI endpoint",
            Service = "chat completions",
            EndMarker = "[DONE]",
        },
        failures)
{
    // Compatible servers put the names into code or type.
    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter)
    {
        if (Is(body, "context_length_exceeded", "exceed_context_size_error", "context_window_exceeded")
            || body.Message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase))
        {
            return TooLong(body);
        }

        // The second is OpenRouter's 403 for a message that its moderation stopped; it does not mean the key.
        if (Is(body, "content_filter", "content_policy_violation", "content_policy")
            || (body.Status == 403 && body.Message.Contains("flagged", StringComparison.OrdinalIgnoreCase)))
        {
            return Filtered(body);
        }

        if (Is(body, "insufficient_quota", "billing_hard_limit_reached"))
        {
            return NothingLeft(body);
        }

        if (Is(body, "model_not_found"))
        {
            return NoModel(body);
        }

        if (Is(body, "unavailable_error"))
        {
            return StillLoading(body, retryAfter);
        }

        return Is(body, "rate_limit_exceeded", "rate_limit_error", "tokens", "requests")
            ? RateLimited(body, retryAfter)
            : null;
    }
}
