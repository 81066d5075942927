using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIContractTests : ProviderContract
{
    private protected override WireCase Wire => OpenAICase.Instance;
}

internal sealed class OpenAICase : WireCase
{
    public static readonly OpenAICase Instance = new();

    public override string Name => "openai";

    public override IReadOnlyList<(string Word, FinishReason Reason)> FinishReasons =>
    [
        ("stop", FinishReason.Stop),
        ("length", FinishReason.Length),
        ("tool_calls", FinishReason.ToolCalls),
        ("function_call", FinishReason.ToolCalls),
        ("content_filter", FinishReason.ContentFilter),
        ("eos_token", FinishReason.Unspecified),
    ];

    public override JsonElement? SchemaIn(JsonElement request) =>
        request.GetProperty("response_format").GetProperty("json_schema").GetProperty("schema");

    public override Task<ProviderStandIn> StartStandInAsync() => ProviderStandIn.StartOpenAIAsync();

    public override HttpModelProvider At(Uri baseUrl, TimeProvider time) =>
        new OpenAIProvider(new OpenAIOptions { BaseUrl = baseUrl, ApiKey = Key }, time);

    public override IAnswerScript Script() => new OpenAIScript();

    public override IAsyncEnumerable<ModelEvent> Read(Stream body) => Bodies.Answer(body);

    public override string Frame(string data) => $"data: {data}\n\n";

    public override string ErrorBody(string words) =>
        $$$"""{"error":{"message":{{{JsonSerializer.Serialize(words)}}},"type":"x","code":null}}""";
}
