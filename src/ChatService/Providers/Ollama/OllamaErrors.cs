using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>What errors say at Ollama, which gives them no names.</summary>
internal sealed class OllamaErrors(OllamaOptions options, ProviderFailures failures)
    : WireErrors(options.Host, options.ApiKey, failures)
{
    protected override string Endpoint => "Ollama";

    protected override string EndMarker => "done";

    public override Failure Unreachable(HttpRequestException exception)
    {
        var failure = base.Unreachable(exception);
        return exception.HttpRequestError == HttpRequestError.ConnectionError
            ? failure with { Message = $"{failure.Message} Ollama starts with 'ollama serve'." }
            : failure;
    }

    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter)
    {
        if (Says(body, "not found"))
        {
            return Failures.ModelUnavailable(
                $"Ollama at {Host} does not have the model {Failures.Model}: 'ollama pull {Failures.Model}' gets it.",
                retryable: false);
        }

        if (Says(body, "context length") || Says(body, "context window"))
        {
            return Failures.ContextTooLong($"The conversation is longer than the model takes.{Words(body)}");
        }

        return Says(body, "server busy") ? RateLimited(body, retryAfter) : null;
    }
}
