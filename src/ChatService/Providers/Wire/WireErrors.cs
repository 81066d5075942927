using System.Net;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>Turns what an endpoint does wrong into our failures; each wire knows its errors' names.</summary>
/// <param name="host">Host and port, for messages.</param>
/// <param name="apiKey">Never shown; null: none is sent.</param>
internal abstract class WireErrors(string host, string? apiKey, ProviderFailures failures)
{
    protected string Host => host;

    protected ProviderFailures Failures => failures;

    /// <summary>What the base URL should lead to, as in "an OpenAI endpoint".</summary>
    protected abstract string Endpoint { get; }

    protected abstract string EndMarker { get; }

    /// <summary>No answer at all.</summary>
    public virtual Failure Unreachable(HttpRequestException exception) =>
        failures.Network(NetworkErrors.Unreachable(host, exception));

    /// <summary>The connection broke in the body.</summary>
    public Failure Broke(bool afterText) => afterText
        ? failures.Cut(NetworkErrors.BrokeInText(host))
        : failures.Network(NetworkErrors.BrokeBeforeText(host));

    /// <summary>The body ended, but not with the end marker.</summary>
    public Failure EndedEarly() => failures.Cut($"The answer of {host} ended without its end marker {EndMarker}.");

    public Failure EventTooLarge() => failures.Broken($"{host} sent an event of more than 8 MiB.", retryable: false);

    public Failure Malformed() => failures.Broken($"{host} sent a piece of an answer that is no valid chunk.");

    /// <summary>A success that is no stream.</summary>
    public Failure NoStream(bool isWebPage) => failures.Broken(
        isWebPage
            ? $"{host} answers with a web page: the base URL is no {Endpoint}."
            : $"{host} answers with JSON instead of a stream: it does not stream, or is no {Endpoint}.",
        retryable: false);

    /// <summary>An error event in a stream that began well.</summary>
    public Failure InStream(WireErrorBody body) => ByName(body, null) ?? (body.Status == 0
        ? failures.Broken($"{host} reports an error in the middle of the stream.{Words(body)}")
        : ByStatus(body.Status, body, null));

    /// <summary>An HTTP status other than success.</summary>
    /// <param name="body">Null: it was no JSON object.</param>
    public Failure ByResponse(HttpStatusCode status, WireErrorBody? body, bool isWebPage, TimeSpan? retryAfter)
    {
        var known = body ?? WireErrorBody.None;
        return (int)status switch
        {
            < 400 => failures.Broken(
                $"{host} answers with a redirect ({(int)status}): set the base URL to where it leads.",
                retryable: false),
            404 or 405 when known.Message.Length == 0 => failures.ModelUnavailable(
                $"{host} has nothing there that answers ({(int)status}): the base URL is no {Endpoint}.",
                retryable: false),
            < 500 when isWebPage && status is not HttpStatusCode.TooManyRequests =>
                failures.Broken(
                    $"{host} answers with a web page ({(int)status}): the base URL is no {Endpoint}.",
                    retryable: false),
            var number => ByName(known, retryAfter) ?? ByStatus(number, known, retryAfter),
        };
    }

    /// <summary>By the name that the error has, where that says more than the status; null: it does not.</summary>
    protected abstract Failure? ByName(WireErrorBody body, TimeSpan? retryAfter);

    protected Failure RateLimited(WireErrorBody body, TimeSpan? retryAfter) =>
        failures.RateLimited($"{host} takes no more requests of this service just now.{Words(body)}", retryAfter);

    // Its words are left out: they may hold pieces of the key.
    protected Failure Unauthorized(string shown) => failures.Authentication(apiKey is null
        ? $"{host} wants an API key ({shown}) and this service has none: its operator has to set one."
        : $"{host} refuses this service's API key ({shown}): its operator has to check it.");

    protected Failure NoModel(WireErrorBody body) => failures.ModelUnavailable(
        $"{host} has no model {failures.Model} for this service.{Words(body)}", retryable: false);

    protected Failure InTrouble(string shown, WireErrorBody body, TimeSpan? retryAfter) =>
        failures.Broken($"{host} is in trouble ({shown}).{Words(body)}") with { RetryAfter = retryAfter };

    protected static bool Is(WireErrorBody body, params ReadOnlySpan<string> names) =>
        names.Contains(body.Code) || names.Contains(body.Type);

    protected static bool Says(WireErrorBody body, string words) =>
        body.Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>The provider's own words where they are safe, as a sentence to add.</summary>
    protected string Words(WireErrorBody body)
    {
        var words = SafeWords.From(body.Message, apiKey);
        return words.Length == 0 ? "" : $" It says: {words}";
    }

    private Failure ByStatus(int status, WireErrorBody body, TimeSpan? retryAfter) => status switch
    {
        401 or 403 => Unauthorized($"{status}"),
        402 => failures.RateLimited(
            $"The service's account at {host} has nothing left to spend ({status}).{Words(body)}",
            null, retryable: false),
        404 => failures.ModelUnavailable(
            $"{host} does not find the model {failures.Model} ({status}).{Words(body)}", retryable: false),
        413 => failures.ContextTooLong(
            $"The conversation is larger than {host} takes in one request ({status}).{Words(body)}"),
        429 => RateLimited(body, retryAfter),
        408 or >= 500 => InTrouble($"{status}", body, retryAfter),
        _ => failures.Rejected($"{host} refuses the request ({status}).{Words(body)}"),
    };
}
