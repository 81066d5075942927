using System.Text.Json;

namespace ChatGrpc.TestKit.Ollama;

/// <summary>The lines of a streamed /api/chat, as text.</summary>
internal static class OllamaWire
{
    private const string Head = "\"model\":\"stand-in\",\"created_at\":\"2026-01-01T00:00:00.000000000Z\"";

    public static string Text(string delta) => Message("\"content\":" + JsonSerializer.Serialize(delta));

    public static string Thinking(string delta) =>
        Message("\"content\":\"\",\"thinking\":" + JsonSerializer.Serialize(delta));

    public static string Error(string message) => $$"""{"error":{{JsonSerializer.Serialize(message)}}}""" + "\n";

    public static string Done(string reason, int promptTokens, int completionTokens) =>
        $$"""{{{Head}},"message":{"role":"assistant","content":""},"done_reason":"{{reason}}","done":true,"""
        + "\"total_duration\":500000000,\"load_duration\":1000000,"
        + $"\"prompt_eval_count\":{promptTokens},\"prompt_eval_duration\":1000000,"
        + $"\"eval_count\":{completionTokens},\"eval_duration\":1000000}}\n";

    private static string Message(string members) =>
        $$"""{{{Head}},"message":{"role":"assistant",{{members}}},"done":false}""" + "\n";
}
