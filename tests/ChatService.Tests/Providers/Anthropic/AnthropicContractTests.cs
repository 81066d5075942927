using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicContractTests : ProviderContract
{
    private protected override WireCase Wire => AnthropicCase.Instance;
}

internal sealed class AnthropicCase : WireCase
{
    public static readonly AnthropicCase Instance = new();

    public override string Name => "anthropic";

    public override IReadOnlyList<(string Word, FinishReason Reason)> FinishReasons =>
    [
        ("end_turn", FinishReason.Stop),
        ("stop_sequence", FinishReason.Stop),
        ("max_tokens", FinishReason.Length),
        ("model_context_window_exceeded", FinishReason.Length),
        ("tool_use", FinishReason.ToolCalls),
        ("refusal", FinishReason.ContentFilter),
        ("pause_turn", FinishReason.Unspecified),
        ("thought_of_later", FinishReason.Unspecified),
    ];

    public override JsonElement? SchemaIn(JsonElement request) => null;

    public override Task<ProviderStandIn> StartStandInAsync() => ProviderStandIn.StartAnthropicAsync();

    public override HttpModelProvider At(Uri baseUrl, TimeProvider time) =>
        new AnthropicProvider(new AnthropicOptions { BaseUrl = baseUrl, ApiKey = Key }, time);

    public override IAnswerScript Script() => new AnthropicScript();

    public override IAsyncEnumerable<ModelEvent> Read(Stream body) => AnthropicBodies.Answer(body);

    public override string Frame(string data) => $"data: {data}\n\n";

    public override string ErrorBody(string words) => AnthropicWire.ErrorBody("a_new_error", words);
}
