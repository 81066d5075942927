namespace ChatGrpc.TestKit.Providers;

/// <summary>An answer as Ollama's /api/chat streams it.</summary>
internal sealed class OllamaScript : IAnswerScript
{
    public string ContentType => "application/x-ndjson";

    public string Start() => "";

    public string Text(string delta) => OllamaWire.Text(delta);

    public string Reasoning(string delta) => OllamaWire.Thinking(delta);

    public string Call(ScriptedCall call) => OllamaWire.ToolCall(call.Name, call.Arguments);

    public string Whole(ScriptedAnswer answer) => OllamaWire.Whole(answer);

    public string Error(string message) => OllamaWire.Error(message);

    public string Event(string json) => OllamaWire.Line(json);

    public string Finish(string? reason = null) => OllamaWire.Done(reason ?? "stop");
}
