using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.TestKit.OpenAI;

/// <summary>
/// An OpenAI endpoint over real HTTP, whose answers a test writes step by step: it takes the next request and decides,
/// byte by byte, what the wire says.
/// </summary>
internal sealed class OpenAIStandIn : IAsyncDisposable
{
    private readonly Channel<OpenAIExchange> _exchanges = Channel.CreateUnbounded<OpenAIExchange>();
    private readonly WebApplication _app;

    private OpenAIStandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
            kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>As OPENAI_BASE_URL takes it.</summary>
    public Uri BaseUrl => new(_app.Urls.Single() + "/v1");

    public static async Task<OpenAIStandIn> StartAsync()
    {
        var standIn = new OpenAIStandIn();
        await standIn._app.StartAsync();
        return standIn;
    }

    /// <summary>The next request, as soon as it has arrived whole.</summary>
    public Task<OpenAIExchange> NextRequestAsync() => _exchanges.Reader.ReadAsync().InTime();

    public async ValueTask DisposeAsync()
    {
        // At once: what hangs on purpose would be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var exchange = await OpenAIExchange.ReadAsync(context);
        await _exchanges.Writer.WriteAsync(exchange);
        await exchange.EndedAsync();
    }
}
