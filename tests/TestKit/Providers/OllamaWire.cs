using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>The lines of a streamed /api/chat, as Ollama documents them, each with its line feed.</summary>
internal static class OllamaWire
{
    private const string Head = "\"model\":\"stand-in\",\"created_at\":\"2026-01-02T03:04:05.678901234Z\"";

    public static string Line(string json) => json + "\n";

    public static string Text(string delta) =>
        Message($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(delta)}}}""");

    public static string Thinking(string delta) =>
        Message($$"""{"role":"assistant","content":"","thinking":{{JsonSerializer.Serialize(delta)}}}""");

    /// <param name="arguments">A JSON object: Ollama sends a call whole.</param>
    public static string ToolCall(string name, string arguments) => Message(
        $$"""{"role":"assistant","content":"","tool_calls":[{{Function(name, arguments)}}]}""");

    /// <param name="message">The message object, as it is.</param>
    public static string Message(string message) => Line($$"""{{{Head}},"message":{{message}},"done":false}""");

    /// <param name="promptTokens">Null: left out, as when the prompt was in the cache.</param>
    /// <param name="answerTokens">Null: left out, as when the model was only loaded.</param>
    public static string Done(string reason = "stop", int? promptTokens = 9, int? answerTokens = 12)
    {
        var prompt = promptTokens is null ? "" : $"\"prompt_eval_count\":{promptTokens},";
        var answer = answerTokens is null ? "" : $"\"eval_count\":{answerTokens},";
        return Line(
            $$"""{{{Head}},"message":{"role":"assistant","content":""},"done_reason":"{{reason}}","done":true,"""
            + $$"""{{prompt}}{{answer}}"total_duration":4883583458,"load_duration":1334875,"eval_duration":21}""");
    }

    /// <summary>An answer that is not streamed: one line.</summary>
    public static string Whole(ScriptedAnswer answer)
    {
        var calls = string.Join(',', answer.Calls.Select(call => Function(call.Name, call.Arguments)));
        var message = $"\"content\":{JsonSerializer.Serialize(answer.Text)}"
            + (answer.Reasoning.Length > 0 ? $",\"thinking\":{JsonSerializer.Serialize(answer.Reasoning)}" : "")
            + (calls.Length > 0 ? $",\"tool_calls\":[{calls}]" : "");
        return $$$"""{{{{Head}}},"message":{"role":"assistant",{{{message}}}},"done":true,"""
            + $$"""
            "done_reason":"{{answer.Reason ?? "stop"}}","prompt_eval_count":9,"eval_count":12}
            """;
    }

    /// <summary>A line of a stream and, without its line feed, the body of an error status.</summary>
    public static string Error(string message) => Line(JsonSerializer.Serialize(new { error = message }));

    private static string Function(string name, string arguments) =>
        $$$"""{"function":{"name":{{{JsonSerializer.Serialize(name)}}},"arguments":{{{arguments}}}}}""";
}
