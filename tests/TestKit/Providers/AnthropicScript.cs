namespace ChatGrpc.TestKit.Providers;

/// <summary>
/// An answer as Anthropic streams it: blocks of thinking and of text, opened and closed as they alternate.
/// </summary>
internal sealed class AnthropicScript : IAnswerScript
{
    private int _index = -1;
    private Block _open;
    private bool _hasCalled;

    private enum Block
    {
        None,
        Thinking,
        Text,
        Call,
    }

    public string ContentType => "text/event-stream; charset=utf-8";

    public string Start() => AnthropicWire.MessageStart();

    public string Text(string delta) => Open(Block.Text) + AnthropicWire.Text(_index, delta);

    public string Reasoning(string delta) => Open(Block.Thinking) + AnthropicWire.Thinking(_index, delta);

    public string Call(ScriptedCall call)
    {
        var closed = Close();
        _open = Block.Call;
        _hasCalled = true;
        _index++;
        return closed + AnthropicWire.ToolUseStart(_index, call.Id, call.Name)
            + string.Concat(call.Pieces.Select(piece => AnthropicWire.InputJson(_index, piece)));
    }

    public string Whole(ScriptedAnswer answer) => AnthropicWire.Whole(answer);

    public string Error(string message) => AnthropicWire.Error("api_error", message);

    public string Event(string json) => AnthropicWire.Event(json);

    public string Finish(string? reason = null) =>
        Close()
        + AnthropicWire.MessageDelta(reason ?? (_hasCalled ? "tool_use" : "end_turn"))
        + AnthropicWire.MessageStop;

    private string Open(Block block)
    {
        if (_open == block)
        {
            return "";
        }

        var closed = Close();
        _open = block;
        _index++;
        return closed
            + (block == Block.Text ? AnthropicWire.TextStart(_index) : AnthropicWire.ThinkingStart(_index));
    }

    private string Close()
    {
        var open = _open;
        _open = Block.None;
        return open switch
        {
            Block.None => "",
            Block.Thinking => AnthropicWire.Signature(_index, "c2lnbmVk") + AnthropicWire.BlockStop(_index),
            _ => AnthropicWire.BlockStop(_index),
        };
    }
}
