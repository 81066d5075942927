using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>
/// Writes a model's deltas into the log, as whole Unicode scalars: one event for each delta, or gathered as the request
/// wants them.
/// </summary>
internal sealed class TokenScribe
{
    private readonly ScalarAssembler _answer = new();
    private readonly ScalarAssembler _reasoning = new();
    private readonly TurnLog _log;
    private readonly AnswerText _said;
    private readonly SpeakingRate _rate;
    private readonly TokenGathering? _gathering;
    private AnswerPlace _mark;
    private long _markedSequence;

    public TokenScribe(Turn turn, AnswerText said, TimeProvider time)
    {
        _log = turn.Log;
        _said = said;
        _rate = turn.Rate;
        _gathering = turn.Request.Coalescing is { } coalescing ? new TokenGathering(coalescing, turn.Log, time) : null;
    }

    public void Write(StreamChatResponse token)
    {
        var delta = token.Token;
        var text = AssemblerOf(delta.Channel).Next(delta.Text);
        if (text.Length == 0)
        {
            return;
        }

        delta.Text = text;
        _said.Append(delta);
        _rate.Said(text.Length);
        if (_gathering is null)
        {
            _log.Append(token);
        }
        else
        {
            _gathering.Add(delta.Channel, text);
        }
    }

    /// <summary>Any other event, after the deltas before it.</summary>
    public void Append(ScriptEvent other)
    {
        // With the first whole call the model's text is over. Held until the next answer, half a character would be
        // lost where the turn waits in between and another process goes on.
        if (other.Event!.ToolCall is { ArgumentsJson.Length: > 0 })
        {
            EndChannels();
        }

        _gathering?.Flush();
        _log.Append(other.Event, other.Steps, other.State);
    }

    /// <summary>What is written from here on can be withdrawn.</summary>
    public void Mark()
    {
        Flush();
        _mark = _said.End;
        _markedSequence = _log.LastSequence;
    }

    /// <summary>Withdraws what was written since the mark.</summary>
    public void Retract(StreamChatResponse retract)
    {
        Flush();
        _said.Withdraw(_mark);
        retract.Retract.AfterSequence = _markedSequence;
        _log.Append(retract);
    }

    /// <summary>No more deltas come: what was held back is shown as what it became.</summary>
    public void End()
    {
        EndChannels();
        _gathering?.End();
    }

    private void Flush()
    {
        EndChannels();
        _gathering?.Flush();
    }

    private void EndChannels()
    {
        End(TokenChannel.Reasoning);
        End(TokenChannel.Answer);
    }

    private void End(TokenChannel channel)
    {
        var rest = AssemblerOf(channel).End();
        if (rest.Length > 0)
        {
            Write(new StreamChatResponse { Token = new Token { Text = rest, Channel = channel } });
        }
    }

    private ScalarAssembler AssemblerOf(TokenChannel channel) =>
        channel == TokenChannel.Reasoning ? _reasoning : _answer;
}
