using Chat.V1;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Watching;

/// <summary>Shows a session as it happens: each message under its heading, answers word by word.</summary>
internal sealed class WatchPrinter(Terminal terminal, TimeZoneInfo zone)
{
    private readonly HashSet<string> _finished = [];
    private readonly Dictionary<string, Message> _placeholders = [];
    private readonly Dictionary<string, AnswerPrinter> _answers = [];
    private string _open = "";
    private string _title = "";

    public void Show(WatchSessionResponse next)
    {
        switch (next.UpdateCase)
        {
            case WatchSessionResponse.UpdateOneofCase.Session when next.Session.Title != _title:
                _title = next.Session.Title;
                ShowNotice($"“{_title}”");
                break;
            case WatchSessionResponse.UpdateOneofCase.Message:
                Show(next.Message);
                break;
            case WatchSessionResponse.UpdateOneofCase.TurnEvent:
                Show(next.TurnEvent);
                break;
            case WatchSessionResponse.UpdateOneofCase.Deleted:
                Close();
                terminal.WriteNotice("The session was deleted.");
                break;
        }
    }

    /// <summary>A line beside what is said.</summary>
    public void ShowNotice(string line)
    {
        if (_answers.TryGetValue(_open, out var answer))
        {
            answer.ShowNotice(line);
        }
        else
        {
            terminal.WriteNotice(line);
        }
    }

    /// <summary>What is said ends with its line.</summary>
    public void Close()
    {
        if (_answers.TryGetValue(_open, out var answer))
        {
            answer.EndLine();
            terminal.WriteLine("");
        }

        _open = "";
    }

    private void Show(Message message)
    {
        if (_finished.Contains(message.MessageId))
        {
            return;
        }

        if (message.State is StreamState.Queued or StreamState.Running or StreamState.Waiting)
        {
            _placeholders[message.MessageId] = message;
            if (message.State != StreamState.Queued)
            {
                _ = Open(message.MessageId);
            }

            return;
        }

        _ = _finished.Add(message.MessageId);
        _ = _placeholders.Remove(message.MessageId);
        if (_answers.ContainsKey(message.MessageId))
        {
            Open(message.MessageId).Complete(Text(message), message.State);
            Close();
            _ = _answers.Remove(message.MessageId);
        }
        else
        {
            Close();
            var content = string.Join('\n', Transcript.Content(message));
            terminal.WriteLine($"{MessageHeading.Of(message, zone)}\n{content}\n");
        }
    }

    private void Show(TurnEvent told)
    {
        if (_finished.Contains(told.MessageId))
        {
            return;
        }

        switch (told.Event.EventCase)
        {
            // From there on the turn's events are told anew.
            case StreamChatResponse.EventOneofCase.SessionInfo:
                _answers.GetValueOrDefault(told.MessageId)?.Withdraw(told.Event.SessionInfo.ResumedAfter);
                break;
            case StreamChatResponse.EventOneofCase.Error:
                Open(told.MessageId).ShowNotice($"{told.Event.Error.Message} ({told.Event.Error.Reason})");
                break;
            case StreamChatResponse.EventOneofCase.Heartbeat:
                break;
            default:
                Open(told.MessageId).Show(told.Event);
                break;
        }
    }

    // The heading stands there before the first word; again where something else came between.
    private AnswerPrinter Open(string messageId)
    {
        var isNew = !_answers.TryGetValue(messageId, out var answer);
        answer ??= _answers[messageId] = new AnswerPrinter(terminal, json: false, verbose: false)
        {
            Stream = _placeholders.GetValueOrDefault(messageId)?.StreamId ?? "",
        };
        if (_open != messageId)
        {
            Close();
            _open = messageId;
            var heading = _placeholders.TryGetValue(messageId, out var message)
                ? MessageHeading.Of(message, zone)
                : $"# {messageId}";
            terminal.WriteLine(isNew ? heading : $"{heading} (goes on)");
        }

        return answer;
    }

    private static string Text(Message message) => string.Join('\n', message.Parts.Select(Transcript.Shown));
}
