using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Models behind OpenAI's chat completions, on any base URL.</summary>
internal sealed class OpenAIProvider(OpenAIOptions options, TimeProvider time) : IModelProvider, IDisposable
{
    // An error is a sentence; what is longer is a page of somebody's.
    private const int MaxErrorBytes = 64 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue EventStream = new("text/event-stream");

    private readonly HttpMessageInvoker _http = ProviderHttp.Create();

    public string Name => "openai";

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var errors = new OpenAIErrors(options, new ProviderFailures(Name, request.Model));
        using var message = Message(request);
        var (opened, failure) = await OpenAsync(message, errors, cancellationToken);
        if (failure is not null)
        {
            yield return ModelEvent.Failed(failure);
            yield break;
        }

        // Whoever leaves early leaves through here: disposing an unread response closes its connection.
        using var response = opened!;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var answer = new OpenAIAnswer(body, errors, time);
        await foreach (var modelEvent in answer.ReadAsync(cancellationToken))
        {
            yield return modelEvent;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(ModelRequest request)
    {
        var content = new ReadOnlyMemoryContent(OpenAIRequestWriter.Write(request, options.MaxTokensName));
        content.Headers.ContentType = Json;
        var message = new HttpRequestMessage(HttpMethod.Post, options.CompletionsUrl) { Content = content };
        message.Headers.Accept.Add(EventStream);
        if (options.ApiKey is { } key)
        {
            message.Headers.Authorization = new("Bearer", key);
        }

        return message;
    }

    // A response whose body is a stream, or the failure instead.
    private async Task<(HttpResponseMessage? Response, Failure? Failure)> OpenAsync(
        HttpRequestMessage message, OpenAIErrors errors, CancellationToken cancellationToken)
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
        HttpResponseMessage response, OpenAIErrors errors, CancellationToken cancellationToken)
    {
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        var isWebPage = mediaType is "text/html" or "application/xhtml+xml";
        if (response.IsSuccessStatusCode && !isWebPage && mediaType != "application/json")
        {
            return null;
        }

        var error = isWebPage ? null : OpenAIErrorBody.Parse(await BodyAsync(response, cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            var retryAfter = RetryAfter.Of(response.Headers, time.GetUtcNow());
            return errors.ByResponse(response.StatusCode, error, isWebPage, retryAfter);
        }

        return error is { Message.Length: > 0 } ? errors.InStream(error) : errors.NoStream(isWebPage);
    }

    // As much of the body as an error may have; nothing if the connection breaks, since the status says the most.
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[MaxErrorBytes];
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(
                bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return bytes.AsMemory(0, length);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return default;
        }
    }
}
