namespace ChatGrpc.TestKit.Providers;

/// <summary>
/// An answer as Anthropic streams it: blocks of thinking and of text, opened and closed as they alternate.
/// </summary>
internal sealed class AnthropicScript : IAnswerScript
{
    private int _index = -1;
    private Block _open;

    private enum Block
    {
        None,
        Thinking,
        Text,
    }

    public string ContentType => "text/event-stream; charset=utf-8";

    public string Start() => AnthropicWire.MessageStart();

    public string Text(string delta) => Open(Block.Text) + AnthropicWire.Text(_index, delta);

    public string Reasoning(string delta) => Open(Block.Thinking) + AnthropicWire.Thinking(_index, delta);

    public string Error(string message) => AnthropicWire.Error("api_error", message);

    public string Event(string json) => AnthropicWire.Event(json);

    public string Finish(string? reason = null) =>
        Close() + AnthropicWire.MessageDelta(reason ?? "end_turn") + AnthropicWire.MessageStop;

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
