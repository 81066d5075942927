using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools.Http;

/// <summary>
/// Reads a page of the hosts that the operator allows. The model writes the URL, and the model has read what others
/// wrote: so every URL, that of a redirect too, is checked as if an attacker had written it.
/// </summary>
/// <param name="hosts">Where it may fetch from.</param>
/// <param name="isAllowed">Which addresses it may connect to.</param>
/// <param name="maxResultBytes">Of the whole result.</param>
internal sealed class HttpFetchTool(
    IReadOnlyList<HostPattern> hosts, Func<IPAddress, bool> isAllowed, int maxResultBytes) : ServiceTool(
    "http_fetch",
    "Fetch",
    $"Fetches a text from the web by GET, from these hosts: {string.Join(", ", hosts.Select(Written))}. The result is "
    + "a line with status, type and address, an empty line and the text, cut where it is long.",
    """
    {
      "type": "object",
      "properties": {
        "url": { "type": "string", "description": "An http or https address." }
      },
      "required": ["url"],
      "additionalProperties": false
    }
    """), IDisposable
{
    // http to https, a canonical name, a language: beyond five it is a loop.
    private const int MaxRedirects = 5;

    // What browsers and servers agree on; it leaves room in the result for the text.
    private const int MaxUrlLength = 2_000;

    // The line above the text; a URL of other scripts is longer escaped, and is cut there.
    private const int MaxHeadLength = 200;

    private readonly HttpClient _client = Client(isAllowed);

    public void Dispose() => _client.Dispose();

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (TextOf(arguments, "url") is not { Length: <= MaxUrlLength } text
            || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return new ToolFailure($"url must be an absolute address of at most {MaxUrlLength} characters.");
        }

        try
        {
            return await FetchAsync(url, cancellationToken);
        }
        catch (HttpRequestException refused) when (refused.InnerException is AddressRefusedException)
        {
            return new ToolFailure("The host is at an address that may not be fetched from.");
        }
        catch (Exception failed)
            when (failed is HttpRequestException or SocketException or IOException or InvalidDataException)
        {
            // The second is how the HTTP library tells a connection that is reset as soon as it is made.
            var kind = failed switch
            {
                HttpRequestException request => request.HttpRequestError,
                SocketException => HttpRequestError.ConnectionError,
                _ => HttpRequestError.Unknown,
            };
            return new ToolFailure($"The page could not be fetched ({kind}).");
        }
    }

    private static string Written(HostPattern host) => $"{(host.Below ? "*." : "")}{host.Name}"
        + (host.Port is { } port ? $":{port}" : "");

    private static HttpClient Client(Func<IPAddress, bool> isAllowed)
    {
        var client = new HttpClient(GuardedConnections.Handler(isAllowed)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("ChatGrpc/0.1 (a chat service, on behalf of a user)");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/*, application/json, application/xml;q=0.9");
        return client;
    }

    private async Task<object> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            if (Refusal(url) is { } refusal)
            {
                return refusal;
            }

            using var response = await _client.GetAsync(
                url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)response.StatusCode is < 300 or > 399 || response.Headers.Location is not { } location)
            {
                return await ReadAsync(url, response, cancellationToken);
            }

            url = new Uri(url, location);
        }

        return new ToolFailure($"The page redirects more than {MaxRedirects} times.");
    }

    private ToolFailure? Refusal(Uri url) =>
        url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps
            ? new ToolFailure("Only http and https addresses can be fetched.")
        : url.UserInfo.Length > 0 ? new ToolFailure("An address with a name or password in it is not fetched.")
        : !hosts.Any(host => host.Takes(url))
            ? new ToolFailure($"{url.Authority} is none of the hosts that may be fetched from.")
        : null;

    private async Task<object> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType;
        if (!IsText(type?.MediaType))
        {
            return new ToolFailure($"The page is of the type {type?.MediaType ?? "unknown"}, which is no text.");
        }

        var head = $"HTTP {(int)response.StatusCode}, {type!.MediaType}, {url.AbsoluteUri}";
        head = head.Length <= MaxHeadLength ? head : head[..MaxHeadLength];
        const string Cut = "\n\n(cut here)";
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var room = maxResultBytes - Encoding.UTF8.GetByteCount(head) - Cut.Length - 2;
        var (text, isWhole) = await BoundedText.ReadAsync(body, EncodingOf(type), Math.Max(room, 0), cancellationToken);
        var page = $"{head}\n\n{text}{(isWhole ? "" : Cut)}";
        return response.IsSuccessStatusCode ? page : new ToolFailure(page);
    }

    private static bool IsText(string? mediaType) => mediaType?.ToLowerInvariant() is { } type
        && (type.StartsWith("text/", StringComparison.Ordinal)
            || type is "application/json" or "application/xml" or "application/javascript" or "application/yaml"
                or "application/x-ndjson"
            || type.EndsWith("+json", StringComparison.Ordinal)
            || type.EndsWith("+xml", StringComparison.Ordinal));

    private static Encoding EncodingOf(MediaTypeHeaderValue type)
    {
        try
        {
            return type.CharSet is { } name ? Encoding.GetEncoding(name.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            // A name that nobody knows; almost all pages are UTF-8.
            return Encoding.UTF8;
        }
    }
}
