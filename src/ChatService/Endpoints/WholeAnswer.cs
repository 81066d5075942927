using System.Text;
using Chat.V1;

namespace ChatGrpc.Endpoints;

/// <summary>Gathers a turn's events into the unary answer.</summary>
internal sealed class WholeAnswer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly ChatResponse _response = new();

    public ChatResponse Response
    {
        get
        {
            _response.Text = _text.ToString();
            _response.Reasoning = _reasoning.ToString();
            return _response;
        }
    }

    public void Add(StreamChatResponse next)
    {
        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.SessionInfo:
                _response.SessionInfo = next.SessionInfo;
                break;
            case StreamChatResponse.EventOneofCase.Token:
                (next.Token.Channel == TokenChannel.Reasoning ? _reasoning : _text).Append(next.Token.Text);
                break;
            case StreamChatResponse.EventOneofCase.Warning:
                _response.Warnings.Add(next.Warning);
                break;
            case StreamChatResponse.EventOneofCase.Done:
                _response.Done = next.Done;
                break;
            case StreamChatResponse.EventOneofCase.ResponseSaved:
                _response.ResponseSaved = next.ResponseSaved;
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                _response.StreamEnd = next.StreamEnd;
                break;
        }
    }
}
