using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>Writes a model's deltas into the log, as whole Unicode scalars, one event for each delta.</summary>
internal sealed class TokenScribe(TurnLog log, AnswerText said)
{
    private readonly ScalarAssembler _answer = new();
    private readonly ScalarAssembler _reasoning = new();

    public void Write(StreamChatResponse token)
    {
        var delta = token.Token;
        var text = AssemblerOf(delta.Channel).Next(delta.Text);
        if (text.Length == 0)
        {
            return;
        }

        delta.Text = text;
        said.Append(delta);
        log.Append(token);
    }

    /// <summary>No more deltas come: what was held back is shown as what it became.</summary>
    public void End()
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
