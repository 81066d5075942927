using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Wire;

/// <summary>Asking providers for their models, over real connections: the same for every wire.</summary>
public sealed class ModelListingTests
{
    private const string Key = "key-0123456789";

    [Theory]
    [InlineData("openai", "/v1/models")]
    [InlineData("anthropic", "/v1/models")]
    [InlineData("ollama", "/api/tags")]
    public async Task ListAsync_Models_AskedForWhereTheWireHasThem(string wire, string path)
    {
        await using var standIn = await StartAsync(wire);
        using var provider = Provider(wire, standIn.BaseUrl);
        var listed = ((IModelListing)provider).ListAsync(TestContext.Current.CancellationToken);

        var exchange = await standIn.NextListingAsync();
        await exchange.RespondAsync(200, wire switch
        {
            "anthropic" => ModelLists.Anthropic(hasMore: false, "b", "a"),
            "ollama" => ModelLists.Ollama("b", "a"),
            _ => ModelLists.OpenAI("b", "a"),
        });

        var list = await listed.InTime();
        Assert.Equal(["b", "a"], list.Models.Select(model => model.Id));
        Assert.Null(list.Failure);
        Assert.Equal(path, exchange.Path);
        Assert.Contains(exchange.Headers, header => header.Value.ToString().Contains(Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task ListAsync_WhateverItAnswersInstead_ItsKind(string wire)
    {
        await using var standIn = await StartAsync(wire);
        using var provider = Provider(wire, standIn.BaseUrl);
        foreach (var (status, body, type, reason, retryable) in new[]
        {
            (401, """{"error":{"message":"Bad key key-0123456789."}}""", "application/json",
                "PROVIDER_AUTHENTICATION", false),
            (403, "{}", "application/json", "PROVIDER_AUTHENTICATION", false),
            (404, """{"error":"not found"}""", "application/json", "MODEL_LIST_UNAVAILABLE", false),
            (405, "", "text/plain", "MODEL_LIST_UNAVAILABLE", false),
            (429, "{}", "application/json", "PROVIDER_RATE_LIMITED", true),
            (500, "", "text/plain", "PROVIDER_ERROR", true),
            (302, "", "text/plain", "PROVIDER_ERROR", false),
            (200, "<html>Welcome</html>", "text/html", "PROVIDER_ERROR", false),
            (200, "{\"data\":[", "application/json", "MODEL_LIST_UNAVAILABLE", false),
            (200, "", "application/json", "MODEL_LIST_UNAVAILABLE", false),
            (200, "{}", "application/json", "MODEL_LIST_UNAVAILABLE", false),
            (200, """{"data":[{"id":"\ud83d"}],"models":[{"name":"\ud83d"}]}""", "application/json",
                "MODEL_LIST_UNAVAILABLE", false),
            (200, new string(' ', 2 * EventTooLargeException.MaxBytes) + """{"data":[],"models":[]}""",
                "application/json", "PROVIDER_ERROR", false),
        })
        {
            var listed = ((IModelListing)provider).ListAsync(TestContext.Current.CancellationToken);
            await (await standIn.NextListingAsync()).RespondAsync(status, body, type);

            var list = await listed.InTime();
            Assert.Empty(list.Models);
            Assert.Equal((reason, retryable), (list.Failure?.Reason, list.Failure!.Retryable));
            Assert.Equal(wire, list.Failure.Metadata["provider"]);
            Assert.DoesNotContain(Key, list.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ListAsync_ConnectionBreaks_ByWhereItWas()
    {
        await using var standIn = await StartAsync("ollama");
        using var provider = Provider("ollama", standIn.BaseUrl);
        var listed = ((IModelListing)provider).ListAsync(TestContext.Current.CancellationToken);
        (await standIn.NextListingAsync()).Reset();
        Assert.Equal("PROVIDER_UNREACHABLE", (await listed.InTime()).Failure?.Reason);

        listed = ((IModelListing)provider).ListAsync(TestContext.Current.CancellationToken);
        var exchange = await standIn.NextListingAsync();
        await exchange.StartResponseAsync(200, "application/json");
        await exchange.WriteAsync("{\"models\":[");
        exchange.Reset();
        Assert.Equal("PROVIDER_UNREACHABLE", (await listed.InTime()).Failure?.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListAsync_Cancelled_ConnectionGone(bool inTheBody)
    {
        await using var standIn = await StartAsync("openai");
        using var provider = Provider("openai", standIn.BaseUrl);
        using var cancel = new CancellationTokenSource();
        var listed = ((IModelListing)provider).ListAsync(cancel.Token);
        var exchange = await standIn.NextListingAsync();
        if (inTheBody)
        {
            await exchange.StartResponseAsync(200, "application/json");
            await exchange.WriteAsync("{\"data\":[");
        }

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listed.InTime());
        await exchange.Aborted.InTime();
    }

    private static Task<ProviderStandIn> StartAsync(string wire) => wire switch
    {
        "anthropic" => ProviderStandIn.StartAnthropicAsync(),
        "ollama" => ProviderStandIn.StartOllamaAsync(),
        _ => ProviderStandIn.StartOpenAIAsync(),
    };

    private static HttpModelProvider Provider(string wire, Uri url)
    {
        var time = new ManualTimeProvider();
        return wire switch
        {
            "anthropic" => new AnthropicProvider(new() { BaseUrl = url, ApiKey = Key }, time),
            "ollama" => new OllamaProvider(new() { BaseUrl = url, ApiKey = Key }, time),
            _ => new OpenAIProvider(new() { BaseUrl = url, ApiKey = Key }, time),
        };
    }
}
