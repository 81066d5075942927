using Chat.V1;
using Google.Protobuf;

namespace ChatGrpc.Client.Rendering;

/// <summary>Shows a stream's events: the answer on standard output, everything else beside it.</summary>
internal sealed class AnswerPrinter(Terminal terminal, bool json, bool verbose)
{
    private bool _reasoning;
    private bool _openLine;
    private bool _hasAnswer;

    public void Show(StreamChatResponse next)
    {
        if (json)
        {
            terminal.Out.WriteLine(JsonFormatter.Default.Format(next));
            terminal.Out.Flush();
            return;
        }

        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.Token when next.Token.Channel == TokenChannel.Reasoning:
                _reasoning = true;
                terminal.WriteAside(next.Token.Text);
                break;
            case StreamChatResponse.EventOneofCase.Token:
                EndReasoning();
                _hasAnswer = true;
                _openLine = !next.Token.Text.EndsWith('\n');
                terminal.WriteAnswer(next.Token.Text);
                break;
            case StreamChatResponse.EventOneofCase.Retract:
                EndLine();
                terminal.WriteNotice("The answer so far is withdrawn; it begins again.");
                break;
            case StreamChatResponse.EventOneofCase.Warning:
                EndLine();
                terminal.WriteNotice($"{next.Warning.Message} ({next.Warning.Code})");
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                EndLine();
                Explain(next.StreamEnd.State);
                if (verbose)
                {
                    terminal.WriteNotice(TurnSummary.Of(next.StreamEnd));
                }

                break;
        }
    }

    /// <summary>An answer ends with its line, whatever the model sent last.</summary>
    public void EndLine()
    {
        EndReasoning();
        if (_openLine)
        {
            terminal.WriteAnswer("\n");
            _openLine = false;
        }

        terminal.EndAnswer();
    }

    private void EndReasoning()
    {
        if (_reasoning)
        {
            terminal.WriteAside("\n");
            _reasoning = false;
        }
    }

    private void Explain(StreamState state)
    {
        if (state == StreamState.Cancelled)
        {
            terminal.WriteNotice("Stopped; what there is of the answer is saved.");
        }
        else if (_hasAnswer && state is (StreamState.Failed or StreamState.Interrupted))
        {
            terminal.WriteNotice("The answer is not complete; what there is of it is saved.");
        }
    }
}
