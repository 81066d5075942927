using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>An answer as chat completions stream it.</summary>
internal sealed class OpenAIScript : IAnswerScript
{
    public string ContentType => "text/event-stream";

    public string Start() => "";

    public string Text(string delta) => Event(OpenAIWire.Text(delta));

    public string Reasoning(string delta) => Event(OpenAIWire.Reasoning(delta));

    public string Error(string message) =>
        Event($$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}},"type":"server_error","code":null}}""");

    public string Event(string json) => OpenAIWire.Event(json);

    public string Finish(string? reason = null) =>
        Event(OpenAIWire.Finish(reason ?? "stop"))
        + Event(OpenAIWire.Usage(promptTokens: 9, completionTokens: 12))
        + OpenAIWire.Done;
}
