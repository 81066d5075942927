using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>The pieces of a streamed chat completion, as text.</summary>
internal static class OpenAIWire
{
    public const string Done = "data: [DONE]\n\n";

    private const string Head =
        "\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"stand-in\"";

    public static string Event(string json) => $"data: {json}\n\n";

    public static string Text(string delta) => Delta($$"""{"content":{{JsonSerializer.Serialize(delta)}}}""");

    public static string Reasoning(string delta) =>
        Delta($$"""{"reasoning_content":{{JsonSerializer.Serialize(delta)}}}""");

    /// <param name="json">The delta object, as it is.</param>
    public static string Delta(string json) =>
        $$"""{{{Head}},"choices":[{"index":0,"delta":{{json}},"logprobs":null,"finish_reason":null}]}""";

    public static string Finish(string reason) =>
        $$"""{{{Head}},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"{{reason}}"}]}""";

    public static string Usage(int promptTokens, int completionTokens, int cachedTokens = 0, int reasoningTokens = 0)
    {
        var usage = JsonSerializer.Serialize(new
        {
            prompt_tokens = promptTokens,
            completion_tokens = completionTokens,
            total_tokens = promptTokens + completionTokens,
            prompt_tokens_details = new { cached_tokens = cachedTokens, audio_tokens = 0 },
            completion_tokens_details = new { reasoning_tokens = reasoningTokens, audio_tokens = 0 },
        });
        return $$"""{{{Head}},"choices":[],"usage":{{usage}}}""";
    }
}
