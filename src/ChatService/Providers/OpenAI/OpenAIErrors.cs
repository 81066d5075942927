using System.Net;
using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>The one place that turns what an OpenAI endpoint does wrong into our failures.</summary>
internal sealed class OpenAIErrors(OpenAIOptions options, ProviderFailures failures)
{
    private readonly string _host = options.Host;

    /// <summary>No answer at all.</summary>
    public Failure Unreachable(HttpRequestException exception) =>
        failures.Network(NetworkErrors.Unreachable(_host, exception));

    /// <summary>The connection broke in the body.</summary>
    public Failure Broke(bool afterText) => afterText
        ? failures.Cut(NetworkErrors.BrokeInText(_host))
        : failures.Network(NetworkErrors.BrokeBeforeText(_host));

    /// <summary>The body ended, but not with the end marker.</summary>
    public Failure EndedEarly() => failures.Cut($"The answer of {_host} ended without its end marker [DONE].");

    public Failure EventTooLarge() =>
        failures.Broken($"{_host} sent an event of more than 8 MiB.", retryable: false);

    public Failure Malformed() => failures.Broken($"{_host} sent a piece of an answer that is no valid chunk.");

    /// <summary>A success that is no stream.</summary>
    public Failure NoStream(bool isWebPage) => failures.Broken(
        isWebPage
            ? $"{_host} answers with a web page: the base URL is no OpenAI endpoint."
            : $"{_host} answers with JSON instead of a stream: it does not stream chat completions.",
        retryable: false);

    /// <summary>An error event in a stream that began well.</summary>
    public Failure InStream(OpenAIErrorBody body) => ByCode(body, null) ?? (body.Status == 0
        ? failures.Broken($"{_host} reports an error in the middle of the stream.{Words(body)}")
        : ByStatus(body.Status, body, null));

    /// <summary>An HTTP status other than success.</summary>
    /// <param name="body">Null: it was no JSON object.</param>
    public Failure ByResponse(HttpStatusCode status, OpenAIErrorBody? body, bool isWebPage, TimeSpan? retryAfter)
    {
        var known = body ?? OpenAIErrorBody.None;
        return (int)status switch
        {
            < 400 => failures.Broken(
                $"{_host} answers with a redirect ({(int)status}): set the base URL to where it leads.",
                retryable: false),
            404 or 405 when known.Message.Length == 0 => failures.ModelUnavailable(
                $"{_host} has no chat completions there ({(int)status}): the base URL is no OpenAI endpoint.",
                retryable: false),
            < 500 when isWebPage && status is not HttpStatusCode.TooManyRequests =>
                failures.Broken(
                    $"{_host} answers with a web page ({(int)status}): the base URL is no OpenAI endpoint.",
                    retryable: false),
            var number => ByCode(known, retryAfter) ?? ByStatus(number, known, retryAfter),
        };
    }

    // The names that say more than the status does; compatible servers put them into code or type.
    private Failure? ByCode(OpenAIErrorBody body, TimeSpan? retryAfter)
    {
        if (Is(body, "context_length_exceeded", "exceed_context_size_error", "context_window_exceeded")
            || body.Message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase))
        {
            return failures.ContextTooLong($"The conversation is longer than the model takes.{Words(body)}");
        }

        if (Is(body, "content_filter", "content_policy_violation", "content_policy"))
        {
            return failures.ContentFiltered($"{_host} refuses the content of the conversation.{Words(body)}");
        }

        if (Is(body, "insufficient_quota", "billing_hard_limit_reached"))
        {
            return failures.RateLimited(
                $"The service's account at {_host} has nothing left to spend.{Words(body)}", null, retryable: false);
        }

        if (Is(body, "model_not_found"))
        {
            return failures.ModelUnavailable(
                $"{_host} has no model {failures.Model} for this service.{Words(body)}", retryable: false);
        }

        return Is(body, "rate_limit_exceeded", "rate_limit_error", "tokens", "requests")
            ? RateLimited(body, retryAfter)
            : null;
    }

    private Failure ByStatus(int status, OpenAIErrorBody body, TimeSpan? retryAfter) => status switch
    {
        // Their words are left out: they hold pieces of the key.
        401 or 403 => failures.Authentication(options.ApiKey is null
            ? $"{_host} wants an API key ({status}) and this service has none: its operator has to set one."
            : $"{_host} refuses this service's API key ({status}): its operator has to check it."),
        402 => failures.RateLimited(
            $"The service's account at {_host} has nothing left to spend ({status}).{Words(body)}",
            null, retryable: false),
        404 => failures.ModelUnavailable(
            $"{_host} does not find the model {failures.Model} ({status}).{Words(body)}", retryable: false),
        413 => failures.ContextTooLong(
            $"The conversation is larger than {_host} takes in one request ({status}).{Words(body)}"),
        429 => RateLimited(body, retryAfter),
        503 when body.Type == "unavailable_error" => failures.ModelUnavailable(
            $"{_host} is still loading the model {failures.Model} ({status}).{Words(body)}", retryable: true)
            with
        { RetryAfter = retryAfter },
        408 or >= 500 => failures.Broken($"{_host} is in trouble ({status}).{Words(body)}")
            with
        { RetryAfter = retryAfter },
        _ => failures.Rejected($"{_host} refuses the request ({status}).{Words(body)}"),
    };

    private Failure RateLimited(OpenAIErrorBody body, TimeSpan? retryAfter) =>
        failures.RateLimited($"{_host} takes no more requests of this service just now.{Words(body)}", retryAfter);

    private static bool Is(OpenAIErrorBody body, params ReadOnlySpan<string> names) =>
        names.Contains(body.Code) || names.Contains(body.Type);

    private string Words(OpenAIErrorBody body)
    {
        var words = SafeWords.From(body.Message, options.ApiKey);
        return words.Length == 0 ? "" : $" It says: {words}";
    }
}
