using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>Makes an answer's text of its log: with every retract, of whatever sequence.</summary>
internal sealed class AnswerReplay
{
    private readonly List<(long Sequence, AnswerPlace Place)> _tokens = [];

    public AnswerText Said { get; } = new();

    public static AnswerText Of(IEnumerable<StreamChatResponse> events)
    {
        var replay = new AnswerReplay();
        foreach (var logged in events)
        {
            replay.Observe(logged);
        }

        return replay.Said;
    }

    public void Observe(StreamChatResponse logged)
    {
        if (logged.Token is { } token)
        {
            _tokens.Add((logged.Sequence, Said.End));
            Said.Append(token);
        }
        else if (logged.Retract is { } retract
            && _tokens.FindIndex(token => token.Sequence > retract.AfterSequence) is >= 0 and var first)
        {
            Said.Withdraw(_tokens[first].Place);
            _tokens.RemoveRange(first, _tokens.Count - first);
        }
    }
}
