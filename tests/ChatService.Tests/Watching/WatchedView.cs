using System.Globalization;
using Chat.V1;

namespace ChatGrpc.Tests.Watching;

/// <summary>
/// What a page knows that folds the responses of one session as the contract says, over as many calls as it takes. On
/// its way it holds the service to the order of things.
/// </summary>
internal sealed class WatchedView
{
    private readonly Dictionary<string, Message> _messages = [];
    private readonly Dictionary<string, List<StreamChatResponse>> _turns = [];
    private string? _introduced;
    private bool _isFirst = true;

    public Session? Session { get; private set; }

    /// <summary>In the order in which they became known.</summary>
    public IEnumerable<Message> Messages => _messages.Values;

    /// <summary>The last cursor.</summary>
    public string Cursor { get; private set; } = "";

    public int Deletions { get; private set; }

    /// <summary>The events that were told of a turn, session_info left out.</summary>
    public IReadOnlyList<StreamChatResponse> EventsOf(string streamId) =>
        _turns.TryGetValue(streamId, out var events) ? events : [];

    /// <summary>The session, its messages in their order; what a person sees when all is quiet.</summary>
    public string Text => string.Join('\n', _messages.Values
        .OrderBy(message => message.CreateTime.ToDateTimeOffset())
        .ThenBy(message => message.MessageId, StringComparer.Ordinal)
        .Select(message => message.ToString())
        .Prepend(Session?.ToString() ?? "no session"));

    public static WatchedView Of(IEnumerable<WatchSessionResponse> responses)
    {
        var view = new WatchedView();
        view.Fold(responses);
        return view;
    }

    public static bool IsFinal(Message message) =>
        message.State is not (StreamState.Queued or StreamState.Running or StreamState.Waiting);

    /// <summary>The responses of one call.</summary>
    public void Fold(IEnumerable<WatchSessionResponse> responses)
    {
        Begin();
        foreach (var told in responses)
        {
            Add(told);
        }
    }

    /// <summary>A call, whose responses are added as they come.</summary>
    public void Begin()
    {
        _isFirst = true;
        _introduced = null;
    }

    public void Add(WatchSessionResponse told)
    {
        if (told.Heartbeat is not null)
        {
            return;
        }

        Cursor = told.Cursor.Length > 0 ? told.Cursor : Cursor;
        Assert.True(
            !_isFirst || told.Session is not null || told.Deleted is not null, $"The first response is {told}.");
        _isFirst = told.Deleted is not null;
        switch (told.UpdateCase)
        {
            case WatchSessionResponse.UpdateOneofCase.Session:
                Session = told.Session;
                break;
            case WatchSessionResponse.UpdateOneofCase.Message:
                Fold(told.Message);
                break;
            case WatchSessionResponse.UpdateOneofCase.TurnEvent:
                Fold(told.TurnEvent);
                break;
            case WatchSessionResponse.UpdateOneofCase.Deleted:
                Session = null;
                _messages.Clear();
                _turns.Clear();
                Deletions++;
                break;
            default:
                Assert.Fail($"There is nothing in {told}.");
                break;
        }
    }

    private void Fold(Message message)
    {
        if (message.Role == MessageRole.Assistant && IsFinal(message))
        {
            // Of a turn that was followed in this call, the end is told before the message.
            Assert.True(
                _introduced != message.StreamId || EventsOf(message.StreamId)[^1].StreamEnd is not null,
                $"The answer {message} comes before its turn's end.");
        }

        _messages[message.MessageId] = message;
    }

    private void Fold(TurnEvent told)
    {
        Assert.True(_messages.TryGetValue(told.MessageId, out var answer), $"Nobody knows the message of {told}.");
        Assert.False(IsFinal(answer), $"The answer is told, and {told} comes after it.");
        if (!_turns.TryGetValue(told.StreamId, out var events))
        {
            _turns[told.StreamId] = events = [];
        }

        if (told.Event.SessionInfo is { } info)
        {
            Assert.Equal((0, told.StreamId, told.MessageId), (told.Event.Sequence, info.StreamId, info.MessageId));
            Assert.True(info.ResumedAfter <= events.Count, "Events between were left out.");
            events.RemoveRange((int)info.ResumedAfter, events.Count - (int)info.ResumedAfter);
            _introduced = told.StreamId;
            return;
        }

        Assert.Equal(told.StreamId, _introduced);
        Assert.Equal(
            events.Count + 1, int.Parse($"{told.Event.Sequence}", CultureInfo.InvariantCulture));
        events.Add(told.Event);
    }
}
