using System.Security.Cryptography;
using System.Text;
using Chat.V1;

namespace ChatGrpc.Client;

/// <summary>Holds what arrives against what the service says that it sent.</summary>
internal sealed class StreamProof
{
    private readonly List<(long Sequence, string Text)> _answer = [];
    private long _lastSequence;
    private bool _gap;
    private StreamEnd? _end;

    public StreamEnd? End => _end;

    /// <summary>What is wrong with the stream, in a sentence; null: nothing.</summary>
    public string? Flaw =>
        _gap ? "Events were lost, repeated or out of order on the way: the answer above is not whole."
        : _end is null ? "The stream ended without its end mark: the answer above is not whole."
        : _end.LastSequence != _lastSequence ? "Events are missing at the end: the answer above is not whole."
        : _end.AnswerSha256 != Sha256() ? "The answer above is not the one that the service saved."
        : null;

    public void Observe(StreamChatResponse next)
    {
        if (next.Sequence != 0)
        {
            _gap |= next.Sequence != _lastSequence + 1 || _end is not null;
            _lastSequence = next.Sequence;
        }

        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.Token when next.Token.Channel == TokenChannel.Answer:
                _answer.Add((next.Sequence, next.Token.Text));
                break;
            case StreamChatResponse.EventOneofCase.Retract:
                _answer.RemoveAll(piece => piece.Sequence > next.Retract.AfterSequence);
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                _end = next.StreamEnd;
                break;
        }
    }

    private string Sha256()
    {
        var text = string.Concat(_answer.Select(piece => piece.Text));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
