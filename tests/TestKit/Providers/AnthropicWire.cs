using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>The events of a streamed message, as Anthropic documents them, each framed as it is sent.</summary>
internal static class AnthropicWire
{
    public const string Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    public const string MessageStop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    /// <summary>An event with its type, which stands in the JSON too, in the line before it.</summary>
    public static string Event(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Event(document.RootElement.GetProperty("type").GetString()!, json);
    }

    /// <param name="json">As it is: it need not be JSON.</param>
    public static string Event(string type, string json) => $"event: {type}\ndata: {json}\n\n";

    public static string MessageStart(int inputTokens = 9, int cacheReadTokens = 0, int cacheCreationTokens = 0) =>
        Event(JsonSerializer.Serialize(new
        {
            type = "message_start",
            message = new
            {
                id = "msg_standin1",
                type = "message",
                role = "assistant",
                model = "stand-in",
                content = Array.Empty<object>(),
                stop_reason = (string?)null,
                stop_sequence = (string?)null,
                usage = new
                {
                    input_tokens = inputTokens,
                    cache_creation_input_tokens = cacheCreationTokens,
                    cache_read_input_tokens = cacheReadTokens,
                    output_tokens = 1,
                },
            },
        }));

    public static string TextStart(int index) => BlockStart(index, """{"type":"text","text":""}""");

    public static string ThinkingStart(int index) =>
        BlockStart(index, """{"type":"thinking","thinking":"","signature":""}""");

    public static string ToolUseStart(int index, string id, string name) => BlockStart(
        index, JsonSerializer.Serialize(new { type = "tool_use", id, name, input = new { } }));

    /// <param name="block">The content_block object, as it is.</param>
    public static string BlockStart(int index, string block) => Event(
        "content_block_start", $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""");

    public static string Text(int index, string delta) =>
        BlockDelta(index, $$"""{"type":"text_delta","text":{{JsonSerializer.Serialize(delta)}}}""");

    public static string Thinking(int index, string delta) =>
        BlockDelta(index, $$"""{"type":"thinking_delta","thinking":{{JsonSerializer.Serialize(delta)}}}""");

    /// <summary>Comes once, as the last delta of a thinking block.</summary>
    public static string Signature(int index, string signature) =>
        BlockDelta(index, $$"""{"type":"signature_delta","signature":{{JsonSerializer.Serialize(signature)}}}""");

    /// <param name="partial">A piece of the arguments' JSON, which is JSON only with all the others.</param>
    public static string InputJson(int index, string partial) =>
        BlockDelta(index, $$"""{"type":"input_json_delta","partial_json":{{JsonSerializer.Serialize(partial)}}}""");

    /// <param name="delta">The delta object, as it is.</param>
    public static string BlockDelta(int index, string delta) => Event(
        "content_block_delta", $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""");

    public static string BlockStop(int index) =>
        Event("content_block_stop", $$"""{"type":"content_block_stop","index":{{index}}}""");

    /// <param name="outputTokens">Of the whole message: the count is cumulative.</param>
    public static string MessageDelta(string stopReason, int outputTokens = 12) => Event(JsonSerializer.Serialize(new
    {
        type = "message_delta",
        delta = new { stop_reason = stopReason, stop_sequence = (string?)null },
        usage = new { output_tokens = outputTokens },
    }));

    /// <summary>A message that is not streamed.</summary>
    public static string Whole(ScriptedAnswer answer) => JsonSerializer.Serialize(new
    {
        id = "msg_standin1",
        type = "message",
        role = "assistant",
        model = "stand-in",
        content = Blocks(answer),
        stop_reason = answer.Reason ?? (answer.Calls.Count > 0 ? "tool_use" : "end_turn"),
        stop_sequence = (string?)null,
        usage = new
        {
            input_tokens = 9,
            cache_creation_input_tokens = 0,
            cache_read_input_tokens = 0,
            output_tokens = 12,
        },
    });

    public static string Error(string type, string message) => Event("error", ErrorBody(type, message));

    /// <summary>The body of an error status too.</summary>
    public static string ErrorBody(string type, string message) =>
        JsonSerializer.Serialize(new { type = "error", error = new { type, message } });

    private static IEnumerable<object> Blocks(ScriptedAnswer answer)
    {
        if (answer.Reasoning.Length > 0)
        {
            yield return new { type = "thinking", thinking = answer.Reasoning, signature = "c2lnbmVk" };
        }

        if (answer.Text.Length > 0)
        {
            yield return new { type = "text", text = answer.Text };
        }

        foreach (var call in answer.Calls)
        {
            yield return new
            {
                type = "tool_use",
                id = call.Id,
                name = call.Name,
                input = JsonSerializer.Deserialize<JsonElement>(call.Arguments),
            };
        }
    }
}
