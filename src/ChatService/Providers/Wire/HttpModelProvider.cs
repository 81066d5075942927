using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>Models behind HTTP, asked in the wire that the endpoint speaks.</summary>
internal sealed class HttpModelProvider(IModelWire wire, TimeProvider time)
    : IModelProvider, IModelListing, IDisposable
{
    // An error is a sentence; what is longer is a page of somebody's.
    private const int MaxErrorBytes = 64 * 1024;
    private const int FirstBodyBytes = 4096;

    // More models than any provider has; a listing that goes on and on is a fault.
    private const int MaxListed = 10_000;

    private readonly HttpMessageInvoker _http = ProviderHttp.Create();

    public string Name => wire.Name;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var errors = wire.ErrorsFor(request.Model);
        using var message = wire.Ask(request);
        var (opened, failure) = await OpenAsync(message, errors, cancellationToken);
        if (failure is not null)
        {
            yield return ModelEvent.Failed(failure);
            yield break;
        }

        // Whoever leaves early leaves through here: disposing an unread response closes its connection.
        using var response = opened!;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var answer = new WireAnswer(body, wire.ChunksOf(errors), errors, time);
        await foreach (var modelEvent in answer.ReadAsync(cancellationToken))
        {
            yield return modelEvent;
        }
    }

    public async Task<ModelListing> ListAsync(CancellationToken cancellationToken)
    {
        var errors = wire.ErrorsFor("");
        var models = new List<ListedModel>();
        string? after = null;
        try
        {
            do
            {
                using var message = wire.List(after);
                using var response = await _http.SendAsync(message, cancellationToken);
                if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                {
                    return new ModelListing(null, errors.ByResponse(response.StatusCode, null, false, null));
                }

                if (!response.IsSuccessStatusCode)
                {
                    return ModelListing.Untold;
                }

                using var page = JsonDocument.Parse(
                    await BodyAsync(response, EventTooLargeException.MaxBytes, cancellationToken));
                after = wire.ReadList(page.RootElement, models);
            }
            while (after is not null && models.Count < MaxListed);

            return new ModelListing(models, null);
        }
        catch (HttpRequestException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ModelListing(null, errors.Unreachable(exception));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It answers, but in a form of its own.
            return ModelListing.Untold;
        }
    }

    public void Dispose() => _http.Dispose();

    // A response whose body is a stream, or the failure instead.
    private async Task<(HttpResponseMessage? Response, Failure? Failure)> OpenAsync(
        HttpRequestMessage message, WireErrors errors, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        var isStream = false;
        try
        {
            response = await _http.SendAsync(message, cancellationToken);
            var failure = await RefusalAsync(response, errors, cancellationToken);
            isStream = failure is null;
            return (response, failure);
        }
        catch (HttpRequestException exception)
        {
            // A cancelled request may end in either way; to the caller it is one.
            cancellationToken.ThrowIfCancellationRequested();
            return (null, errors.Unreachable(exception));
        }
        finally
        {
            if (!isStream)
            {
                response?.Dispose();
            }
        }
    }

    // What a response says if it is no stream; null: it is one.
    private async Task<Failure?> RefusalAsync(
        HttpResponseMessage response, WireErrors errors, CancellationToken cancellationToken)
    {
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        var isWebPage = mediaType is "text/html" or "application/xhtml+xml";
        if (response.IsSuccessStatusCode && !isWebPage && mediaType != "application/json")
        {
            return null;
        }

        var error = isWebPage ? null : WireErrorBody.Parse(await BodyAsync(response, MaxErrorBytes, cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            var retryAfter = RetryAfter.Of(response.Headers, time.GetUtcNow());
            return errors.ByResponse(response.StatusCode, error, isWebPage, retryAfter);
        }

        return error is { Message.Length: > 0 } ? errors.InStream(error) : errors.NoStream(isWebPage);
    }

    // The body as far as the limit; nothing if the connection breaks, since of an error the status says the most.
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var bytes = new MemoryStream();
            var piece = new byte[FirstBodyBytes];
            while (bytes.Length < maxBytes && await body.ReadAsync(piece, cancellationToken) is > 0 and var read)
            {
                bytes.Write(piece.AsSpan(0, (int)Math.Min(read, maxBytes - bytes.Length)));
            }

            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return default;
        }
    }
}
