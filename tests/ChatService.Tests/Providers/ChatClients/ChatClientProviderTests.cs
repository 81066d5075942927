using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.ChatClients;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.Turns;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Providers.ChatClients;

/// <summary>The seam for other people's clients, tried with a vendor's own over its real wire.</summary>
public sealed class ChatClientProviderTests : IAsyncLifetime
{
    private ProviderStandIn _standIn = null!;
    private IChatClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _standIn = await ProviderStandIn.StartAnthropicAsync();
        _client = new global::Anthropic.AnthropicClient
        {
            ApiKey = "sk-test-0123456789",
            BaseUrl = _standIn.BaseUrl.ToString(),
            MaxRetries = 0,
        }.AsIChatClient("some-model");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _standIn.DisposeAsync();
    }

    [Fact]
    public async Task StreamAsync_Answer_TextReasoningUsageAndEnd()
    {
        var lines = await LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteReasoningAsync("Hm");
            await exchange.WriteTextAsync("Hel");
            await exchange.WriteTextAsync("lo 😀");
            await exchange.FinishAsync();
        });

        Assert.Equal(["reasoning Hm", "answer Hel", "answer lo 😀"], lines.Where(line => line[0] is 'r' or 'a'));
        Assert.Contains(lines, line => line.StartsWith("usage ", StringComparison.Ordinal));
        Assert.Equal("finished Stop stop", lines[^1]);
    }

    [Fact]
    public async Task StreamAsync_Request_HasTheConversationAndTheSettings()
    {
        var image = new Part { Image = new Image { MediaType = "image/png", Data = ByteString.CopyFrom(1, 2, 3) } };
        var request = Requests.Saying("") with
        {
            Instructions = "Be brief.",
            Messages =
            [
                Requests.User("Hi"), Requests.Assistant("Hello"),
                new ModelMessage(ModelRole.User, [new Part { Text = "See" }, image]),
            ],
            MaxOutputTokens = 77,
            Stop = ["END"],
        };
        var said = Transcript.LinesAsync(Provider().StreamAsync(request, CancellationToken.None));
        var exchange = await _standIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        _ = await said;

        Assert.Equal("some-model", exchange.Body.GetProperty("model").GetString());
        Assert.Equal(77, exchange.Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal("END", exchange.Body.GetProperty("stop_sequences")[0].GetString());
        Assert.Contains("Be brief.", exchange.Body.GetProperty("system").ToString(), StringComparison.Ordinal);
        Assert.Equal(3, exchange.Body.GetProperty("messages").GetArrayLength());
        Assert.Contains("AQID", exchange.Body.GetProperty("messages")[2].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_Tools_CallsResultsAndWhatCanBeCalled()
    {
        var said = Transcript.LinesAsync(Provider().StreamAsync(Requests.WithTools(), CancellationToken.None));
        var exchange = await _standIn.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        _ = await said;

        var called = exchange.Body.GetProperty("messages")[1].GetProperty("content")[1];
        Assert.Equal("call_1", called.GetProperty("id").GetString());
        Assert.Equal("UTC", called.GetProperty("input").GetProperty("zone").GetString());
        var results = exchange.Body.GetProperty("messages")[2].ToString();
        Assert.Contains("12:00", results, StringComparison.Ordinal);
        Assert.Contains("Error: no numbers", results, StringComparison.Ordinal);
        Assert.Equal("get_time", exchange.Body.GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_Call_WholeAndWhyItFinished(bool isStreaming)
    {
        var request = Requests.WithTools() with { Streaming = isStreaming };
        var said = Transcript.LinesAsync(Provider().StreamAsync(request, CancellationToken.None));
        var exchange = await _standIn.NextRequestAsync();
        Assert.Equal(isStreaming, exchange.WantsStream);
        await exchange.CallAsync(new ScriptedCall("call_a", "get_time", "{\"zone\"", ":\"UTC\"}"));

        var lines = await said;
        Assert.Contains("call 0 call_a get_time {\"zone\":\"UTC\"}", lines);
        Assert.Equal("finished ToolCalls tool_calls", lines[^1]);
    }

    [Fact]
    public async Task StreamAsync_AnswerWithoutItsEnd_IsCut()
    {
        var lines = await LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            exchange.End();
        });

        Assert.Equal(["answer Hi", "failed PROVIDER_STREAM_CUT"], lines.Where(line => line[0] is 'a' or 'f'));
    }

    [Fact]
    public async Task StreamAsync_Exception_IsAFailureWithoutItsWords()
    {
        var said = Transcript.ReadAsync(Provider().StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        await (await _standIn.NextRequestAsync()).RespondAsync(500, """{"error":{"message":"secret"}}""");

        var failure = Assert.Single(await said).FailureDetail;
        Assert.Equal("PROVIDER_ERROR", failure.Reason);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_Cancelled_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var said = Provider().StreamAsync(Requests.Saying("Hi"), cancel.Token).GetAsyncEnumerator();
        var first = said.MoveNextAsync().AsTask();
        var exchange = await _standIn.NextRequestAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await exchange.Aborted.InTime();
    }

    [Fact]
    public async Task AddModels_KeyedClient_IsOfferedUnderItsKey()
    {
        var services = new ServiceCollection().AddLogging().AddKeyedSingleton("in-house", _client);
        await services.AddModelsAsync(
            new ConfigurationBuilder().Build(), new Dictionary<string, ModelOptions>(), new ResilienceOptions(),
            new TurnOptions().ToPatience(),
            TimeProvider.System);
        await using var provider = services.BuildServiceProvider();

        var catalogue = provider.GetRequiredService<ModelCatalogue>();

        Assert.Equal(["in-house", "demo", "demo-fallback"], catalogue.Aliases);
        Assert.Equal(("in-house", "some-model"), (catalogue.Default.Alias, catalogue.Default.Model));
        Assert.Equal("it comes first of in-house, demo", catalogue.DefaultReason);
    }

    private ChatClientProvider Provider() => new("in-house", _client, NullLogger<ChatClientProvider>.Instance);

    private async Task<List<string>> LinesAsync(Func<ProviderExchange, Task> answer)
    {
        var said = Transcript.LinesAsync(Provider().StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        await answer(await _standIn.NextRequestAsync());
        return await said;
    }
}
