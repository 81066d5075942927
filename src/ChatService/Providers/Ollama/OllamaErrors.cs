using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>
/// What Ollama's errors mean. They are sentences without a name or a code, so they are known by their words.
/// </summary>
internal sealed class OllamaErrors(OllamaOptions options, ProviderFailures failures)
    : WireErrors(
        new()
        {
            Host = options.Host,
            ApiKey = options.ApiKey,
            Kind = "Ollama server",
            Service = "Ollama chat",
            EndMarker = "\"done\":true",
        },
        failures)
{
    /// <inheritdoc/>
    public override Failure Unreachable(HttpRequestException exception)
    {
        var failure = base.Unreachable(exception);
        return NetworkErrors.IsRefused(exception)
            ? failure with { Message = $"{failure.Message} Start it there with `ollama serve`." }
            : failure;
    }

    protected override Failure? ByName(WireErrorBody body, TimeSpan? retryAfter)
    {
        if (Says(body, "not found") && Says(body, "model"))
        {
            return Failures.ModelUnavailable(
                $"{Host} does not have the model {Failures.Model}: get it there with "
                + $"`ollama pull {Failures.Model}`.{Words(body)}",
                retryable: false);
        }

        if (Says(body, "server busy") || Says(body, "overloaded"))
        {
            return InTrouble(body, retryAfter, "overloaded");
        }

        if (Says(body, "system memory"))
        {
            return Failures.ModelUnavailable(
                $"{Host} has not enough memory for the model {Failures.Model}.{Words(body)}", retryable: false);
        }

        if (Says(body, "context length") || Says(body, "context window"))
        {
            return TooLong(body);
        }

        return Unsupported(body) is { } what
            ? Failures.Rejected($"The model {Failures.Model} does not take {what}.{Words(body)}")
            : null;
    }

    private static string? Unsupported(WireErrorBody body) =>
        Says(body, "does not support image") || Says(body, "required for image input") ? "images"
        : Says(body, "does not support tools") ? "tools"
        : Says(body, "does not support thinking") ? "requests to think"
        : null;

    private static bool Says(WireErrorBody body, string words) =>
        body.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
