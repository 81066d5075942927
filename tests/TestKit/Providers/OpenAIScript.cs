using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>An answer as chat completions stream it.</summary>
internal sealed class OpenAIScript : IAnswerScript
{
    private int _calls;

    public string ContentType => "text/event-stream";

    public string Start() => "";

    public string Text(string delta) => Event(OpenAIWire.Text(delta));

    public string Reasoning(string delta) => Event(OpenAIWire.Reasoning(delta));

    public string Call(ScriptedCall call)
    {
        var index = _calls++;
        return Event(OpenAIWire.CallStart(index, call.Id, call.Name))
            + string.Concat(call.Pieces.Select(piece => Event(OpenAIWire.CallPiece(index, piece))));
    }

    public string Whole(ScriptedAnswer answer) => OpenAIWire.Whole(answer);

    public string Error(string message) =>
        Event($$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}},"type":"server_error","code":null}}""");

    public string Event(string json) => OpenAIWire.Event(json);

    public string Finish(string? reason = null) =>
        Event(OpenAIWire.Finish(reason ?? (_calls > 0 ? "tool_calls" : "stop")))
        + Event(OpenAIWire.Usage(promptTokens: 9, completionTokens: 12))
        + OpenAIWire.Done;
}
