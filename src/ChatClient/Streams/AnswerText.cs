using Chat.V1;

namespace ChatGrpc.Client.Streams;

/// <summary>The answer as far as it is told and not withdrawn, or the reasoning.</summary>
internal sealed class AnswerText(TokenChannel channel = TokenChannel.Answer)
{
    private readonly List<(long Sequence, string Text)> _pieces = [];

    public override string ToString() => string.Concat(_pieces.Select(piece => piece.Text));

    /// <summary>Adds the event's piece of the text; empty: it has none.</summary>
    public string Take(StreamChatResponse next)
    {
        if (next.Token is not { } token || token.Channel != channel)
        {
            return "";
        }

        _pieces.Add((next.Sequence, token.Text));
        return token.Text;
    }

    /// <returns>What it had after that sequence.</returns>
    public string Withdraw(long afterSequence)
    {
        var kept = _pieces.FindLastIndex(piece => piece.Sequence <= afterSequence) + 1;
        var withdrawn = string.Concat(_pieces.Skip(kept).Select(piece => piece.Text));
        _pieces.RemoveRange(kept, _pieces.Count - kept);
        return withdrawn;
    }
}
