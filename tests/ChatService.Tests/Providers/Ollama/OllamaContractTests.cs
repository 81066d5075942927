using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaContractTests : ProviderContract
{
    private protected override WireCase Wire => OllamaCase.Instance;
}

internal sealed class OllamaCase : WireCase
{
    public static readonly OllamaCase Instance = new();

    public override string Name => "ollama";

    public override IReadOnlyList<(string Word, FinishReason Reason)> FinishReasons =>
    [
        ("stop", FinishReason.Stop),
        ("length", FinishReason.Length),
        ("load", FinishReason.Unspecified),
        ("thought_of_later", FinishReason.Unspecified),
    ];

    public override bool HasCallIds => false;

    public override JsonElement? SchemaIn(JsonElement request) => request.GetProperty("format");

    public override Task<ProviderStandIn> StartStandInAsync() => ProviderStandIn.StartOllamaAsync();

    public override HttpModelProvider At(Uri baseUrl, TimeProvider time) =>
        new OllamaProvider(new OllamaOptions { BaseUrl = baseUrl, ApiKey = Key }, time);

    public override IAnswerScript Script() => new OllamaScript();

    public override IAsyncEnumerable<ModelEvent> Read(Stream body) => OllamaBodies.Answer(body);

    public override string Frame(string data) => OllamaWire.Line(data);

    public override string ErrorBody(string words) => JsonSerializer.Serialize(new { error = words });
}
