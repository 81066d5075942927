using System.Security.Cryptography;
using System.Text;
using Chat.V1;

namespace ChatGrpc.Client.Streams;

/// <summary>Holds what arrives against what the service says that it sent, over all connections together.</summary>
internal sealed class StreamProof
{
    private readonly AnswerText _answer = new();
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

        _ = _answer.Take(next);
        _end = next.StreamEnd ?? _end;
        if (next.Retract is { } retract)
        {
            _ = _answer.Withdraw(retract.AfterSequence);
        }
    }

    /// <summary>The stream has another owner, whose events follow that sequence.</summary>
    public void Withdraw(long afterSequence)
    {
        _lastSequence = Math.Min(_lastSequence, afterSequence);
        _ = _answer.Withdraw(afterSequence);
    }

    private string Sha256() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_answer}")));
}
