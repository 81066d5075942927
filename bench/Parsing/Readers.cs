using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using Anthropic;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;
using Microsoft.Extensions.AI;
using OpenAI;

namespace ChatGrpc.Bench.Parsing;

/// <summary>The readers of streamed answers, each from an HttpClient to what its user gets.</summary>
internal static class Readers
{
    private static readonly Uri Address = new("http://127.0.0.1/v1");
    private static readonly ProviderFailures Failures = new("bench", "stand-in");

    /// <summary>What any reader of server-sent events pays.</summary>
    public static async Task<int> AloneAsync(byte[] body)
    {
        using var http = Http(body);
        using var stream = await http.GetStreamAsync(Address);
        var seen = 0;
        var parser = SseParser.Create(stream, static (_, data) => data.Length);
        await foreach (var item in parser.EnumerateAsync())
        {
            seen += item.Data > 0 ? 1 : 0;
        }

        return seen;
    }

    public static Task<int> OpenAIAsync(byte[] body)
    {
        var errors = new OpenAIErrors(new OpenAIOptions { BaseUrl = Address }, Failures);
        return OursAsync(body, new OpenAIChunkReader(errors), errors);
    }

    public static Task<int> AnthropicAsync(byte[] body)
    {
        var errors = new AnthropicErrors(new AnthropicOptions { BaseUrl = Address }, Failures);
        return OursAsync(body, new AnthropicChunkReader(errors), errors);
    }

    public static async Task<int> OpenAISdkAsync(byte[] body)
    {
        using var http = Http(body);
        var client = new OpenAI.Chat.ChatClient("stand-in", new ApiKeyCredential("none"), new OpenAIClientOptions
        {
            Endpoint = Address,
            Transport = new HttpClientPipelineTransport(http),
        });
        var seen = 0;
        await foreach (var update in client.CompleteChatStreamingAsync("tokens"))
        {
            foreach (var part in update.ContentUpdate)
            {
                seen += part.Text.Length > 0 ? 1 : 0;
            }
        }

        return seen;
    }

    public static async Task<int> AnthropicSdkAsync(byte[] body)
    {
        using var http = Http(body);
        using var client = new AnthropicClient { HttpClient = http, ApiKey = "none", BaseUrl = Address.ToString() };
        var seen = 0;
        await foreach (var update in client.AsIChatClient("stand-in", 1_024).GetStreamingResponseAsync("tokens"))
        {
            seen += update.Text.Length > 0 ? 1 : 0;
        }

        return seen;
    }

    private static async Task<int> OursAsync(byte[] body, ChunkReader chunks, WireErrors errors)
    {
        using var http = Http(body);
        using var stream = await http.GetStreamAsync(Address);
        var answer = new WireAnswer(stream, chunks, errors, TimeProvider.System);
        var seen = 0;
        await foreach (var said in answer.ReadAsync(CancellationToken.None))
        {
            seen += said.Kind == ModelEventKind.Answer ? 1 : 0;
        }

        return seen;
    }

    private static HttpClient Http(byte[] body) => new(new CannedAnswer(body));
}
