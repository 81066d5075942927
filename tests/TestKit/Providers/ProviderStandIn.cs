using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.TestKit.Providers;

/// <summary>
/// A model provider over real HTTP, whose answers a test writes step by step: it takes the next request and decides,
/// byte by byte, what the wire says.
/// </summary>
internal sealed class ProviderStandIn : IAsyncDisposable
{
    private readonly Channel<ProviderExchange> _exchanges = Channel.CreateUnbounded<ProviderExchange>();
    private readonly Channel<ProviderExchange> _listings = Channel.CreateUnbounded<ProviderExchange>();
    private readonly Func<IAnswerScript> _script;
    private readonly string _basePath;
    private readonly WebApplication _app;
    private volatile string? _models;
    private int _requests;

    private ProviderStandIn(Func<IAnswerScript> script, string basePath)
    {
        _script = script;
        _basePath = basePath;
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
            kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>As the provider's own setting takes it: OPENAI_BASE_URL, ANTHROPIC_BASE_URL, OLLAMA_HOST.</summary>
    public Uri BaseUrl => new(_app.Urls.Single() + _basePath);

    /// <summary>How many questions to a model have arrived whole so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static Task<ProviderStandIn> StartOpenAIAsync() => StartAsync(() => new OpenAIScript(), "/v1");

    public static Task<ProviderStandIn> StartAnthropicAsync() => StartAsync(() => new AnthropicScript(), "");

    public static Task<ProviderStandIn> StartOllamaAsync() => StartAsync(() => new OllamaScript(), "");

    /// <summary>The next question to a model, as soon as it has arrived whole.</summary>
    public Task<ProviderExchange> NextRequestAsync() => _exchanges.Reader.ReadAsync().InTime();

    /// <summary>The same for who waits for as long as it takes, until the token ends that.</summary>
    public ValueTask<ProviderExchange> NextRequestAsync(CancellationToken cancellationToken) =>
        _exchanges.Reader.ReadAsync(cancellationToken);

    /// <summary>The next GET, which no list of models was offered for: for a test that answers it itself.</summary>
    public Task<ProviderExchange> NextListingAsync() => _listings.Reader.ReadAsync().InTime();

    /// <summary>From now on every GET is answered with this list, as <see cref="ModelLists"/> writes it.</summary>
    public void Offer(string models) => _models = models;

    public async ValueTask DisposeAsync()
    {
        // At once: what hangs on purpose would be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<ProviderStandIn> StartAsync(Func<IAnswerScript> script, string basePath)
    {
        var standIn = new ProviderStandIn(script, basePath);
        await standIn._app.StartAsync();
        return standIn;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var exchange = await ProviderExchange.ReadAsync(context, _script());
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            _ = Interlocked.Increment(ref _requests);
            await _exchanges.Writer.WriteAsync(exchange);
        }
        else if (_models is { } models)
        {
            await exchange.RespondAsync(StatusCodes.Status200OK, models);
        }
        else
        {
            // Beside the questions: a look at what models there are never takes the place of one.
            await _listings.Writer.WriteAsync(exchange);
        }

        await exchange.EndedAsync();
    }
}
