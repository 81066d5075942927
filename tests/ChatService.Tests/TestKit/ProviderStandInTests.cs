using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.TestKit;

/// <summary>The stand-in is what the other tests believe.</summary>
public sealed class ProviderStandInTests
{
    [Fact]
    public async Task AnswerAsync_OpenAI_EventsWithTheEndMarkerLast()
    {
        await using var standIn = await ProviderStandIn.StartOpenAIAsync();

        var events = Events(await AskAsync(standIn, "Hi"));

        Assert.Equal("[DONE]", events[^1].Data);
        Assert.Equal(
            "Hi",
            Json(events[0].Data).GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
    }

    [Fact]
    public async Task WriteAsync_AnthropicThinkingThenText_EachBlockOpenedAndClosedInItsPlace()
    {
        await using var standIn = await ProviderStandIn.StartAnthropicAsync();

        var events = Events(await AskAsync(standIn, "Hi", "Hm"));

        Assert.All(events, item => Assert.Equal(item.EventType, Json(item.Data).GetProperty("type").GetString()));
        Assert.Equal(
            [
                "message_start", "content_block_start 0", "content_block_delta 0", "content_block_delta 0",
                "content_block_stop 0", "content_block_start 1", "content_block_delta 1", "content_block_stop 1",
                "message_delta", "message_stop",
            ],
            events.Select(item => Json(item.Data).TryGetProperty("index", out var index)
                ? $"{item.EventType} {index}"
                : item.EventType));
    }

    [Fact]
    public async Task WriteAsync_Ollama_LinesOfJsonAndOnlyTheLastIsDone()
    {
        await using var standIn = await ProviderStandIn.StartOllamaAsync();

        var lines = (await AskAsync(standIn, "Hi", "Hm")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([false, false, true], lines.Select(line => Json(line).GetProperty("done").GetBoolean()));
        Assert.Equal("Hm", Json(lines[0]).GetProperty("message").GetProperty("thinking").GetString());
        Assert.Equal(9, Json(lines[2]).GetProperty("prompt_eval_count").GetInt32());
    }

    [Fact]
    public async Task Offer_Models_EveryGetHasThemAndNoQuestionDoes()
    {
        await using var standIn = await ProviderStandIn.StartOllamaAsync();
        standIn.Offer(ModelLists.Ollama("llama3.2:3b"));
        using var http = new HttpClient();

        var list = await http.GetStringAsync(
            new Uri(standIn.BaseUrl, "/api/tags"), TestContext.Current.CancellationToken).InTime();

        Assert.Equal("llama3.2:3b", Json(list).GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Contains("Hi", await AskAsync(standIn, "Hi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NextListingAsync_NothingOffered_TheTestAnswers()
    {
        await using var standIn = await ProviderStandIn.StartAnthropicAsync();
        using var http = new HttpClient();
        var got = http.GetStringAsync(
            new Uri(standIn.BaseUrl, "/v1/models?limit=1000"), TestContext.Current.CancellationToken);

        var exchange = await standIn.NextListingAsync();
        await exchange.RespondAsync(200, ModelLists.Anthropic(hasMore: true, "a", "b"));

        Assert.Equal("b", Json(await got.InTime()).GetProperty("last_id").GetString());
        Assert.Equal(
            ("GET", "/v1/models", "1000"), (exchange.Method, exchange.Path, exchange.Query["limit"].ToString()));
    }

    // One answer, as a client gets it.
    private static async Task<string> AskAsync(ProviderStandIn standIn, string text, string? reasoning = null)
    {
        using var http = new HttpClient();
        using var question = new StringContent("{}", Encoding.UTF8, "application/json");
        var asked = http.PostAsync(standIn.BaseUrl, question, TestContext.Current.CancellationToken);
        var exchange = await standIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        if (reasoning is not null)
        {
            await exchange.WriteReasoningAsync(reasoning);
        }

        await exchange.WriteTextAsync(text);
        await exchange.FinishAsync();
        using var response = await asked.InTime();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).InTime();
    }

    private static List<SseItem<string>> Events(string body)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return [.. SseParser.Create(stream).Enumerate()];
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
