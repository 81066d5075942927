using System.Net;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Turns what an endpoint does wrong into our failures. What connections and HTTP statuses mean is the same for every
/// wire; the names of errors are each wire's own.
/// </summary>
internal abstract class WireErrors(WireEndpoint endpoint, ProviderFailures failures)
{
    protected string Host => endpoint.Host;

    protected ProviderFailures Failures => failures;

    /// <summary>No answer at all.</summary>
    public virtual Failure Unreachable(HttpRequestException exception) =>
        failures.Network(NetworkErrors.Unreachable(Host, exception));

    /// <summary>The connection broke in the body.</summary>
    public Failure Broke(bool hasBegun) => hasBegun
        ? failures.Cut(NetworkErrors.BrokeInText(Host))
        : failures.Network(NetworkErrors.BrokeBeforeText(Host));

    /// <summary>The body ended, but not with the end marker.</summary>
    public Failure EndedEarly() =>
        failures.Cut($"The answer of {Host} ended without its end marker {endpoint.EndMarker}.");

    public Failure EventTooLarge() =>
        failures.Broken($"{Host} sent an event of more than 8 MiB.", retryable: false);

    public Failure Malformed() => failures.Broken($"{Host} sent a piece of an answer that is no valid chunk.");

    /// <summary>A success that is no stream.</summary>
    public Failure NoStream(bool isWebPage) => failures.Broken(
        isWebPage
            ? $"{Host} answers with a web page: the base URL is no {endpoint.Kind}."
            : $"{Host} answers with JSON instead of a stream: it does not stream {endpoint.Service}.",
        retryable: false);

    /// <summary>A success that holds nothing of an answer and does not say that it is one.</summary>
    public Failure NothingOfAnAnswer() => failures.Broken(
        $"{Host} sent nothing of an answer: the base URL may be no {endpoint.Kind}.", retryable: false);

    /// <summary>A success that is JSON, but no whole answer.</summary>
    public Failure NoAnswer() => failures.Broken(
        $"{Host} answers with something that is no answer of {endpoint.Service}.", retryable: false);

    /// <summary>Asked for its models, it answers something else.</summary>
    public Failure NoList() => failures.NoList($"{Host} does not list its models.");

    /// <summary>An error in a stream that began well.</summary>
    public Failure InStream(WireErrorBody body) => ByName(body, null) ?? (body.Status == 0
        ? failures.Broken($"{Host} reports an error in the middle of the stream.{Words(body)}")
        : ByStatus(body.Status, body, null));

    /// <summary>An HTTP status other than success.</summary>
    /// <param name="body">Null: it was no JSON object.</param>
    public Failure ByResponse(HttpStatusCode status, WireErrorBody? body, bool isWebPage, TimeSpan? retryAfter)
    {
        var known = body ?? WireErrorBody.None;
        return (int)status switch
        {
            < 400 => failures.Broken(
                $"{Host} answers with a redirect ({(int)status}): set the base URL to where it leads.",
                retryable: false),
            404 or 405 when known.Message.Length == 0 => failures.ModelUnavailable(
                $"{Host} has no {endpoint.Service} there ({(int)status}): the base URL is no {endpoint.Kind}.",
                retryable: false),
            < 500 when isWebPage && status is not HttpStatusCode.TooManyRequests =>
                failures.Broken(
                    $"{Host} answers with a web page ({(int)status}): the base URL is no {endpoint.Kind}"
                    + (status is HttpStatusCode.Forbidden ? ", or something before it blocks this service." : "."),
                    retryable: false),
            var number => ByName(known, retryAfter) ?? ByStatus(number, known, retryAfter),
        };
    }

    /// <summary>What the names in the body say beyond the status; null: nothing.</summary>
    protected abstract Failure? ByName(WireErrorBody body, TimeSpan? retryAfter);

    protected static bool Is(WireErrorBody body, params ReadOnlySpan<string> names) =>
        names.Contains(body.Code) || names.Contains(body.Type);

    protected Failure TooLong(WireErrorBody body) =>
        failures.ContextTooLong($"The conversation is longer than the model takes.{Words(body)}");

    protected Failure TooLarge(WireErrorBody body) =>
        failures.ContextTooLong($"The conversation is larger than {Host} takes in one request.{Words(body)}");

    protected Failure Filtered(WireErrorBody body) =>
        failures.ContentFiltered($"{Host} refuses the content of the conversation.{Words(body)}");

    protected Failure NothingLeft(WireErrorBody body) => failures.RateLimited(
        $"The service's account at {Host} has nothing left to spend.{Words(body)}", null, retryable: false);

    protected Failure RateLimited(WireErrorBody body, TimeSpan? retryAfter) =>
        failures.RateLimited($"{Host} takes no more requests of this service just now.{Words(body)}", retryAfter);

    protected Failure NoModel(WireErrorBody body) => failures.ModelUnavailable(
        $"{Host} does not find the model {failures.Model}.{Words(body)}", retryable: false);

    protected Failure StillLoading(WireErrorBody body, TimeSpan? retryAfter) => failures.ModelUnavailable(
        $"{Host} is still loading the model {failures.Model}.{Words(body)}", retryable: true)
        with
    { RetryAfter = retryAfter };

    // Their words are left out: they hold pieces of the key.
    protected Failure RefusedKey() => failures.Authentication(endpoint.ApiKey is null
        ? $"{Host} wants an API key and this service has none: its operator has to set one."
        : $"{Host} refuses this service's API key: its operator has to check it.");

    protected Failure InTrouble(WireErrorBody body, TimeSpan? retryAfter, string how) =>
        failures.Broken($"{Host} is {how}.{Words(body)}") with { RetryAfter = retryAfter };

    /// <summary>The endpoint's own words, fit to be shown, with what leads to them.</summary>
    protected string Words(WireErrorBody body)
    {
        var words = SafeWords.From(body.Message, endpoint.ApiKey);
        return words.Length == 0 ? "" : $" It says: {words}";
    }

    private Failure ByStatus(int status, WireErrorBody body, TimeSpan? retryAfter) => status switch
    {
        401 or 403 => RefusedKey(),
        402 => NothingLeft(body),
        404 => failures.ModelUnavailable(
            $"{Host} does not find the model {failures.Model}, or has no {endpoint.Service} there: check both the "
            + $"model and the base URL.{Words(body)}",
            retryable: false),
        413 => TooLarge(body),
        429 => RateLimited(body, retryAfter),
        408 or >= 500 => InTrouble(body, retryAfter, $"in trouble ({status})"),
        _ => failures.Rejected($"{Host} refuses the request ({status}).{Words(body)}"),
    };
}
