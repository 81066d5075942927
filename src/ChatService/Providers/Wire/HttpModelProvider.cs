using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatGrpc.Model;
using ChatGrpc.Providers.Sse;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Models behind HTTP: one POST of JSON, answered with a stream of chunks, a whole answer or an error. A wire adds how
/// a request is written, what a chunk says, and what its errors are called.
/// </summary>
internal abstract class HttpModelProvider(TimeProvider time) : IModelProvider, IModelListing, IDisposable
{
    // An error is a sentence; what is longer is a page of somebody's.
    private const int MaxErrorBytes = 64 * 1024;

    // The status says the most; its words are not waited for as long as an answer would be.
    private static readonly TimeSpan ErrorBodyWait = TimeSpan.FromSeconds(5);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http = ProviderHttp.Create();

    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual bool CarriesOn => false;

    /// <inheritdoc/>
    public virtual bool HasTools => true;

    /// <inheritdoc/>
    public virtual bool HasSchemas => true;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var errors = Errors(new ProviderFailures(Name, request.Model));
        if (Refuse(request, errors) is { } refusal)
        {
            yield return ModelEvent.Failed(refusal);
            yield break;
        }

        using var message = Message(request);
        var (opened, failure) = await OpenAsync(message, request.Streaming, errors, cancellationToken);
        if (failure is not null)
        {
            yield return ModelEvent.Failed(failure);
            yield break;
        }

        // Whoever leaves early leaves through here: disposing an unread response closes its connection.
        using var response = opened!;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!request.Streaming && !IsStream(response))
        {
            foreach (var modelEvent in await WholeWireAnswer.ReadAsync(body, Chunks(errors), errors, cancellationToken))
            {
                yield return modelEvent;
            }

            yield break;
        }

        var answer = new WireAnswer(body, Chunks(errors), errors, time) { IsDeclared = IsStream(response) };
        await foreach (var modelEvent in answer.ReadAsync(cancellationToken))
        {
            yield return modelEvent;
        }
    }

    /// <inheritdoc/>
    public abstract Task<ListedModels> ListAsync(CancellationToken cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>What no model of this wire can be asked, before anything is sent; null: go on.</summary>
    protected virtual Failure? Refuse(ModelRequest request, WireErrors errors) => null;

    /// <summary>The request as HTTP, from <see cref="Post"/>.</summary>
    protected abstract HttpRequestMessage Message(ModelRequest request);

    /// <summary>What goes wrong with one request.</summary>
    protected abstract WireErrors Errors(ProviderFailures failures);

    /// <summary>A reader for one answer.</summary>
    protected abstract ChunkReader Chunks(WireErrors errors);

    /// <param name="accept">Of a stream; a whole answer is JSON everywhere.</param>
    protected static HttpRequestMessage Post(
        Uri url, ModelRequest request, ReadOnlyMemory<byte> json, string accept)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = Json;
        var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        message.Headers.Accept.ParseAdd(request.Streaming ? accept : "application/json");
        return message;
    }

    /// <summary>
    /// Asks for one page of the provider's models, and reads it; what the reader calls no list (null) is a failure.
    /// </summary>
    protected async Task<(T? Page, Failure? Failure)> GetListAsync<T>(
        HttpRequestMessage message, Func<JsonElement?, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var errors = Errors(new ProviderFailures(Name, ""));
        var isAnswered = false;
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            isAnswered = true;
            if (!response.IsSuccessStatusCode || IsWebPage(response))
            {
                return (null, await ListRefusalAsync(response, errors, cancellationToken));
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var json = await JsonDocument.ParseAsync(
                new EventBoundStream(body, EventTooLargeException.MaxBytes), default, cancellationToken);
            var page = read(json.RootElement);
            return (page, page is null ? errors.NoList() : null);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException and not ObjectDisposedException)
        {
            // The second is what the JSON library throws at a text that holds half a character.
            return (null, errors.NoList());
        }
        catch (EventTooLargeException)
        {
            return (null, errors.EventTooLarge());
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // A cancelled request may end in either way; to the caller it is one.
            cancellationToken.ThrowIfCancellationRequested();
            return (null, exception is HttpRequestException request && !isAnswered
                ? errors.Unreachable(request)
                : errors.Broke(hasBegun: false));
        }
    }

    private async Task<Failure> ListRefusalAsync(
        HttpResponseMessage response, WireErrors errors, CancellationToken cancellationToken)
    {
        // Not "no such model": none was asked for.
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            return errors.NoList();
        }

        // A success that is a web page ends here too.
        return await RefusalAsync(response, isStreaming: true, errors, cancellationToken) ?? errors.NoList();
    }

    // A response whose body is an answer, or the failure instead.
    private async Task<(HttpResponseMessage? Response, Failure? Failure)> OpenAsync(
        HttpRequestMessage message, bool isStreaming, WireErrors errors, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        var isAnswer = false;
        try
        {
            response = await _http.SendAsync(message, cancellationToken);
            var failure = await RefusalAsync(response, isStreaming, errors, cancellationToken);
            isAnswer = failure is null;
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
            if (!isAnswer)
            {
                response?.Dispose();
            }
        }
    }

    // What a response says if it is no answer; null: it may be one. Where a stream was asked for, JSON is none.
    private async Task<Failure?> RefusalAsync(
        HttpResponseMessage response, bool isStreaming, WireErrors errors, CancellationToken cancellationToken)
    {
        var isWebPage = IsWebPage(response);
        if (response.IsSuccessStatusCode && !isWebPage
            && (!isStreaming || response.Content.Headers.ContentType?.MediaType != "application/json"))
        {
            return null;
        }

        var error = isWebPage ? null : WireErrorBody.Parse(await BodyAsync(response, cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            var retryAfter = RetryAfter.Of(response.Headers, time.GetUtcNow());
            return errors.ByResponse(response.StatusCode, error, isWebPage, retryAfter);
        }

        return error is { Message.Length: > 0 } ? errors.InStream(error) : errors.NoStream(isWebPage);
    }

    private static bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is "text/event-stream" or "application/x-ndjson";

    private static bool IsWebPage(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";

    // As much of the body as an error may have; nothing if the connection breaks, since the status says the most.
    private async Task<ReadOnlyMemory<byte>> BodyAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ErrorBodyWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var bytes = new byte[MaxErrorBytes];
            var body = await response.Content.ReadAsStreamAsync(either.Token);
            var length = await body.ReadAtLeastAsync(
                bytes, bytes.Length, throwOnEndOfStream: false, either.Token);
            return bytes.AsMemory(0, length);
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return default;
        }
    }
}
