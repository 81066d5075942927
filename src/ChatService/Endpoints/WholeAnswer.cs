using Chat.V1;
using ChatGrpc.Turns;

namespace ChatGrpc.Endpoints;

/// <summary>Gathers a turn's events into the unary answer.</summary>
internal sealed class WholeAnswer
{
    private readonly AnswerReplay _text = new();
    private readonly ChatResponse _response = new();

    public ChatResponse Response
    {
        get
        {
            _response.Text = _text.Said.Answer;
            _response.Reasoning = _text.Said.Reasoning;
            return _response;
        }
    }

    public void Add(StreamChatResponse next)
    {
        _text.Observe(next);
        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.SessionInfo:
                _response.SessionInfo = next.SessionInfo;
                break;
            case StreamChatResponse.EventOneofCase.ToolCall when next.ToolCall.ArgumentsJson.Length > 0:
                _response.ToolCalls.Add(next.ToolCall);
                break;
            case StreamChatResponse.EventOneofCase.ToolResult:
                _response.ToolResults.Add(next.ToolResult);
                break;
            case StreamChatResponse.EventOneofCase.Document:
                _response.Documents.Add(next.Document);
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
