using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Model;
using ChatGrpc.Watching;

namespace ChatGrpc.Endpoints;

/// <summary>The sessions that one call watches, each with its cursors.</summary>
internal sealed class WatchedSessions
{
    // With a call for each, a browser that shows as many conversations would have no connection left.
    private const int MaxSessions = 32;

    private readonly List<WatchStart> _starts = [];
    private readonly List<WatchCursor> _cursors = [];

    private WatchedSessions()
    {
    }

    public IReadOnlyList<WatchStart> Starts => _starts;

    /// <returns>What is wrong with the request; null: nothing is.</returns>
    public static Failure? Read(string tenantId, WatchSessionRequest request, out WatchedSessions read)
    {
        var rules = new Violations();
        read = new WatchedSessions();
        read.Add(tenantId, request.SessionId, request.Cursor, "", rules);
        rules.Require(request.Also.Count < MaxSessions, "also", $"must be at most {MaxSessions - 1}");
        for (var i = 0; i < Math.Min(request.Also.Count, MaxSessions - 1); i++)
        {
            read.Add(tenantId, request.Also[i].SessionId, request.Also[i].Cursor, $"also[{i}].", rules);
        }

        return rules.Failure;
    }

    public WatchSessionResponse Answer(SessionUpdate update)
    {
        var answer = new WatchSessionResponse();
        if (update.IsSilence)
        {
            answer.Heartbeat = new Heartbeat();
            return answer;
        }

        answer.SessionId = _starts[update.Watched].SessionId;
        answer.Cursor = update.Place is { } place ? _cursors[update.Watched].Write(place) : "";
        if (update.Event is not null)
        {
            answer.TurnEvent = update.Event;
        }
        else if (update.Message is not null)
        {
            answer.Message = SessionAnswers.Of(update.Message);
        }
        else if (update.Session is not null)
        {
            answer.Session = SessionAnswers.Of(update.Session);
        }
        else
        {
            answer.Deleted = new SessionDeleted();
        }

        return answer;
    }

    private void Add(string tenantId, string sessionId, string cursor, string path, Violations rules)
    {
        if (!SessionName.IsOne(sessionId))
        {
            rules.Add($"{path}session_id", SessionName.Rule);
            return;
        }

        rules.Require(
            _starts.TrueForAll(other => other.SessionId != sessionId),
            $"{path}session_id", "must not be given twice");
        var cursors = new WatchCursor(tenantId, sessionId);
        var after = cursor.Length == 0 ? null : cursors.Read(cursor);
        rules.Require(
            cursor.Length == 0 || after is not null,
            $"{path}cursor", "must be one that this session's watching gave; begin without one");
        _starts.Add(new WatchStart(sessionId, after));
        _cursors.Add(cursors);
    }
}
