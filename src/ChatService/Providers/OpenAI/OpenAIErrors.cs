using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>The names that errors have at OpenAI and at what is compatible with it.</summary>
internal sealed class OpenAIErrors(OpenAIOptions options, ProviderFailures failures)
    : WireErrors(options.Host, options.ApiKey, failures)
{
    protected override string Endpoint => "OpenAI endpoint";

    protected override string EndMarker => "[DONE]";

    // Compatible servers put the names into code or type.
    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter)
    {
        if (Is(body, "context_length_exceeded", "exceed_context_size_error", "context_window_exceeded")
            || Says(body, "maximum context length"))
        {
            return Failures.ContextTooLong($"The conversation is longer than the model takes.{Words(body)}");
        }

        if (Is(body, "content_filter", "content_policy_violation", "content_policy"))
        {
            return Failures.ContentFiltered($"{Host} refuses the content of the conversation.{Words(body)}");
        }

        if (Is(body, "insufficient_quota", "billing_hard_limit_reached"))
        {
            return Failures.RateLimited(
                $"The service's account at {Host} has nothing left to spend.{Words(body)}", null, retryable: false);
        }

        if (Is(body, "model_not_found"))
        {
            return NoModel(body);
        }

        // llama.cpp's server, before it has read the weights.
        if (Is(body, "unavailable_error"))
        {
            return Failures.ModelUnavailable(
                $"{Host} is still loading the model {Failures.Model}.{Words(body)}", retryable: true)
                with
            { RetryAfter = retryAfter };
        }

        return Is(body, "rate_limit_exceeded", "rate_limit_error", "tokens", "requests")
            ? RateLimited(body, retryAfter)
            : null;
    }
}
