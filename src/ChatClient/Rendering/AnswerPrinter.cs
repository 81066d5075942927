using Chat.V1;
using ChatGrpc.Client.Documents;
using ChatGrpc.Client.Streams;
using ChatGrpc.Client.Tools;
using Google.Protobuf;

namespace ChatGrpc.Client.Rendering;

/// <summary>Shows a stream's events: the answer on standard output, everything else beside it.</summary>
internal sealed class AnswerPrinter(Terminal terminal, bool json, bool verbose)
{
    private readonly AnswerText _answer = new();
    private readonly ShownAhead _ahead = new();
    private readonly ReasoningAside _reasoning = new(terminal);
    private readonly CallLines _calls = new(terminal, verbose);
    private string _stream = "";
    private bool _openLine;
    private bool _openOnScreen;
    private bool _hasAnswer;
    private bool _isEnded;
    private bool _isQueued;

    /// <summary>What came up to that sequence is known, and not shown.</summary>
    public long After { get; init; }

    /// <summary>What stands on the output already, of an answer that this one goes on with.</summary>
    public string Known { init => _ahead.Put(value); }

    /// <summary>The turn, where it is known before the turn's first event.</summary>
    public string Stream { init => _stream = value; }

    /// <summary>Where documents are saved; null: nowhere.</summary>
    public DocumentFolder? Documents { get; init; }

    /// <summary>The output has text that is not in the answer.</summary>
    public bool IsContradicted { get; private set; }

    /// <summary>The answer as far as it counts.</summary>
    public string Answer => _answer.ToString();

    public void Show(StreamChatResponse next)
    {
        if (next.Sequence > 0 && next.Sequence <= After && next.StreamEnd is null)
        {
            return;
        }

        _stream = next.SessionInfo?.StreamId ?? _stream;
        if (json)
        {
            terminal.Out.WriteLine(JsonFormatter.Default.Format(next));
            terminal.Out.Flush();
            Save(next.Document);
            return;
        }

        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.SessionInfo when next.SessionInfo is { } session:
                ShowQueued(session);
                break;
            case StreamChatResponse.EventOneofCase.Token when next.Token.Channel == TokenChannel.Reasoning:
                _calls.EndLine();
                BeginAside();
                _reasoning.Show(next);
                break;
            case StreamChatResponse.EventOneofCase.Token:
                EndAside();
                _hasAnswer = true;
                ShowText(_answer.Take(next));
                break;
            case StreamChatResponse.EventOneofCase.ToolCall when next.ToolCall.ArgumentsJson.Length > 0:
                EndAside();
                BeginAside();
                _calls.Begin(next.Sequence, next.ToolCall, _stream);
                break;
            case StreamChatResponse.EventOneofCase.ToolProgress when verbose:
                _reasoning.EndLine();
                BeginAside();
                _calls.ShowProgress(next.ToolProgress);
                break;
            case StreamChatResponse.EventOneofCase.ToolResult:
                _reasoning.EndLine();
                BeginAside();
                _calls.End(next.ToolResult);
                break;
            case StreamChatResponse.EventOneofCase.Document:
                ShowNotice(DocumentFolder.Describe(next.Document));
                Save(next.Document);
                break;
            case StreamChatResponse.EventOneofCase.Retract:
                Retract(next.Retract.AfterSequence);
                break;
            case StreamChatResponse.EventOneofCase.Warning:
                ShowNotice($"{next.Warning.Message} ({next.Warning.Code})");
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                ShowEnd(next.StreamEnd);
                break;
        }
    }

    /// <summary>What was shown after that sequence is no part of the answer, unless it comes again.</summary>
    public void Withdraw(long afterSequence)
    {
        _ahead.Put(_answer.Withdraw(afterSequence));
        _reasoning.Withdraw(afterSequence);
    }

    /// <summary>The answer as it is saved, of which not all events need have come.</summary>
    public void Complete(string answer, StreamState state)
    {
        if (_isEnded)
        {
            return;
        }

        Withdraw(0);
        Show(new StreamChatResponse { Token = new Token { Text = answer, Channel = TokenChannel.Answer } });
        Show(new StreamChatResponse { StreamEnd = new StreamEnd { State = state } });
    }

    /// <summary>A line beside the answer, which goes on after it.</summary>
    public void ShowNotice(string line)
    {
        EndAside();
        BeginAside();
        terminal.WriteNotice(line);
    }

    /// <summary>An answer ends with its line, whatever the model sent last.</summary>
    public void EndLine()
    {
        EndAside();

        // On one screen a line beside the answer has ended the answer's line already.
        if (terminal.IsOneScreen ? _openOnScreen : _openLine)
        {
            terminal.WriteAnswer("\n");
        }

        _openLine = _openOnScreen = false;

        terminal.EndAnswer();
    }

    private void ShowQueued(SessionInfo session)
    {
        if (session.State == StreamState.Queued && !_isQueued)
        {
            _isQueued = true;
            ShowNotice($"The session still answers; turns before this one: {session.TurnsAhead}.");
        }
    }

    private void Retract(long afterSequence)
    {
        var answer = _answer.Withdraw(afterSequence);
        var isReadAnew = answer.Length > 0 && terminal.OutIsTerminal;
        if (isReadAnew)
        {
            EndLine();
            _ahead.Clear();
        }
        else
        {
            // What is in a pipe already need not come twice, if it comes again as it was.
            _ahead.Put(answer);
        }

        if (EndingWords.Withdrawn(answer, _reasoning.Retract(afterSequence), _calls.Retract(afterSequence)) is { } all)
        {
            ShowNotice(all);
        }

        Write(isReadAnew ? Answer : "");
    }

    private void Save(Document? document)
    {
        if (document is not null && Documents?.Save(_stream, document) is { } said)
        {
            terminal.WriteNotice(said);
        }
    }

    private void ShowText(string text)
    {
        var unseen = _ahead.Take(text);
        if (unseen is null)
        {
            IsContradicted = true;
            EndLine();
            terminal.WriteNotice(terminal.OutIsTerminal
                ? "The end of the answer above is withdrawn. As it is now:"
                : "Text that was printed is withdrawn; what follows takes its place.");
            unseen = terminal.OutIsTerminal ? Answer : text;
        }

        Write(unseen);
    }

    private void Write(string text)
    {
        if (text.Length > 0)
        {
            _openLine = _openOnScreen = !text.EndsWith('\n');
            terminal.WriteAnswer(text);
        }
    }

    private void ShowEnd(StreamEnd end)
    {
        _isEnded = true;
        EndLine();
        if (!_ahead.IsEmpty)
        {
            IsContradicted = true;
            terminal.WriteNotice(EndingWords.Unsaved(Answer));
        }

        if (EndingWords.Of(end.State, _hasAnswer) is { } ending)
        {
            terminal.WriteNotice(ending);
        }

        if (verbose)
        {
            terminal.WriteNotice(TurnSummary.Of(end));
        }
    }

    // In the middle of a line of the answer: the screen gets a new line, but the answer none that it does not have.
    private void BeginAside()
    {
        if (_openOnScreen && terminal.IsOneScreen)
        {
            terminal.WriteAside("\n");
            _openOnScreen = false;
        }
    }

    private void EndAside()
    {
        _reasoning.EndLine();
        _calls.EndLine();
    }
}
