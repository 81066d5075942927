using Chat.V1;
using ChatGrpc.Client.Streams;
using Google.Protobuf;

namespace ChatGrpc.Client.Rendering;

/// <summary>Shows a stream's events: the answer on standard output, everything else beside it.</summary>
internal sealed class AnswerPrinter(Terminal terminal, bool json, bool verbose)
{
    // Enough words to find the place on the screen.
    private const int TailLength = 40;

    private readonly AnswerText _answer = new();
    private readonly ShownAhead _ahead = new();
    private bool _reasoning;
    private bool _openLine;
    private bool _openOnScreen;
    private bool _hasAnswer;
    private bool _isEnded;
    private bool _isQueued;

    /// <summary>What came up to that sequence is known, and not shown.</summary>
    public long After { get; init; }

    /// <summary>What stands on the output already, of an answer that this one goes on with.</summary>
    public string Known
    {
        init => _ahead.Put(value);
    }

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

        if (json)
        {
            terminal.Out.WriteLine(JsonFormatter.Default.Format(next));
            terminal.Out.Flush();
            return;
        }

        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.SessionInfo:
                ShowQueued(next.SessionInfo);
                break;
            case StreamChatResponse.EventOneofCase.Token when next.Token.Channel == TokenChannel.Reasoning:
                BeginAside();
                _reasoning = true;
                terminal.WriteAside(next.Token.Text);
                break;
            case StreamChatResponse.EventOneofCase.Token:
                EndReasoning();
                _hasAnswer = true;
                ShowText(_answer.Take(next));
                break;
            case StreamChatResponse.EventOneofCase.Retract:
                EndLine();
                terminal.WriteNotice("The answer so far is withdrawn; it begins again.");
                Withdraw(next.Retract.AfterSequence);
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
    public void Withdraw(long afterSequence) => _ahead.Put(_answer.Withdraw(afterSequence));

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
        EndReasoning();
        BeginAside();
        terminal.WriteNotice(line);
    }

    /// <summary>An answer ends with its line, whatever the model sent last.</summary>
    public void EndLine()
    {
        EndReasoning();

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

        if (unseen.Length > 0)
        {
            _openLine = _openOnScreen = !unseen.EndsWith('\n');
            terminal.WriteAnswer(unseen);
        }
    }

    private void ShowEnd(StreamEnd end)
    {
        _isEnded = true;
        EndLine();
        if (!_ahead.IsEmpty)
        {
            IsContradicted = true;
            var answer = Answer;
            terminal.WriteNotice(answer.Length == 0
                ? "Nothing of the text above was saved."
                : $"The end of the text above was not saved; the answer ends with “{Tail(answer)}”.");
        }

        Explain(end.State);
        if (verbose)
        {
            terminal.WriteNotice(TurnSummary.Of(end));
        }
    }

    private static string Tail(string answer)
    {
        var from = Math.Max(0, answer.Length - TailLength);
        from += from > 0 && char.IsLowSurrogate(answer[from]) ? 1 : 0;
        return (from > 0 ? "…" : "") + answer[from..].ReplaceLineEndings(" ");
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
