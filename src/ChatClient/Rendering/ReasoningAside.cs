using Chat.V1;
using ChatGrpc.Client.Streams;

namespace ChatGrpc.Client.Rendering;

/// <summary>The model's reasoning, on lines of its own beside the answer.</summary>
internal sealed class ReasoningAside(Terminal terminal)
{
    private readonly AnswerText _text = new(TokenChannel.Reasoning);
    private readonly ShownAhead _ahead = new();
    private bool _isOpen;

    public void Show(StreamChatResponse next)
    {
        var text = _text.Take(next);
        var unseen = _ahead.Take(text);
        if (unseen is null)
        {
            EndLine();
            terminal.WriteNotice("The end of the reasoning above is withdrawn. As it is now:");
            unseen = $"{_text}";
        }

        if (unseen.Length > 0)
        {
            _isOpen = true;
            terminal.WriteAside(unseen);
        }
    }

    /// <summary>What came after that sequence does not count; if it comes again, it is not shown twice.</summary>
    public void Withdraw(long afterSequence) => _ahead.Put(_text.Withdraw(afterSequence));

    /// <summary>As that, but what comes next is shown, whatever it is.</summary>
    /// <returns>There was something.</returns>
    public bool Retract(long afterSequence) => _text.Withdraw(afterSequence).Length > 0;

    public void EndLine()
    {
        if (_isOpen)
        {
            terminal.WriteAside("\n");
            _isOpen = false;
        }
    }
}
