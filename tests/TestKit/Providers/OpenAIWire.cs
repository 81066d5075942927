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

    public static string CallStart(int index, string id, string name) => Delta(JsonSerializer.Serialize(new
    {
        tool_calls = new[] { new { index, id, type = "function", function = new { name, arguments = "" } } },
    }));

    public static string CallPiece(int index, string arguments) => Delta(JsonSerializer.Serialize(
        new { tool_calls = new[] { new { index, function = new { arguments } } } }));

    /// <summary>A chat completion that is not streamed.</summary>
    public static string Whole(ScriptedAnswer answer) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1700000000,
        model = "stand-in",
        choices = new[]
        {
            new
            {
                index = 0,
                message = new
                {
                    role = "assistant",
                    content = answer.Text.Length > 0 ? answer.Text : null,
                    reasoning_content = answer.Reasoning.Length > 0 ? answer.Reasoning : null,
                    refusal = (string?)null,
                    tool_calls = answer.Calls.Count == 0 ? null : answer.Calls.Select(call => new
                    {
                        id = call.Id,
                        type = "function",
                        function = new { name = call.Name, arguments = call.Arguments },
                    }),
                },
                logprobs = (object?)null,
                finish_reason = answer.Reason ?? (answer.Calls.Count > 0 ? "tool_calls" : "stop"),
            },
        },
        usage = new { prompt_tokens = 9, completion_tokens = 12, total_tokens = 21 },
    });

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
