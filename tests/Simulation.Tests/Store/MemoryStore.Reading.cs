using Chat.V1;
using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

internal sealed partial class MemoryStore
{
    private const int MaxEventBytes = 256 * 1024;
    private const long MaxChangedBytes = 1024 * 1024;

    private StoredStream? OfRequest(string tenantId, string requestId) => Streams.FirstOrDefault(
        stream => stream.Record.TenantId == tenantId && stream.RequestId == requestId);

    private IReadOnlyList<StreamRecord> SessionStreams(string tenantId, string sessionId)
    {
        if (Session(tenantId, sessionId) is not { } session)
        {
            return [];
        }

        var open = session.Streams.Where(stream => stream.Record.IsOpen).ToList();
        return [.. (open.Count > 0 ? open : [session.Streams[^1]]).Select(stream => stream.Record)];
    }

    private long Fence(string tenantId, string streamId, long epoch) =>
        Find(tenantId, streamId)?.Chunks.Where(chunk => chunk.Epoch <= epoch).Select(chunk => chunk.Last)
            .LastOrDefault() ?? 0;

    private List<StreamChatResponse> Events(string tenantId, string streamId, long afterSequence, int limit)
    {
        var events = new List<StreamChatResponse>();
        var bytes = 0;
        foreach (var chunk in Find(tenantId, streamId)?.Chunks.Where(chunk => chunk.Last > afterSequence) ?? [])
        {
            events.AddRange(LengthPrefixed.Decode<StreamChatResponse>(chunk.Body)
                .Where(logged => logged.Sequence > afterSequence));
            bytes += chunk.Body.Length;
            if (events.Count >= limit || bytes >= MaxEventBytes)
            {
                break;
            }
        }

        return events;
    }

    private List<MessageRecord> Branch(string tenantId, string sessionId, string messageId, int limit)
    {
        var branch = Session(tenantId, sessionId) is { } session
            ? Upwards(session, messageId).Take(limit).Select(message => message.ToRecord())
            : [];
        return
        [
            .. branch.Reverse().Select(
                record => record with { Steps = [.. record.Steps.Where(step => step.HasDocument)] }),
        ];
    }

    // That message and those before it, the newest first.
    private static IEnumerable<StoredMessage> Upwards(StoredSession session, string messageId)
    {
        for (var id = messageId; session.Messages.Find(message => message.MessageId == id) is { } message;)
        {
            yield return message;
            if (message.ParentId is null)
            {
                break;
            }

            id = message.ParentId;
        }
    }

    private Dictionary<SessionKey, SessionVersion> Versions(IReadOnlyCollection<SessionKey> sessions) =>
        sessions.Select(key => (Key: key, Session(key.TenantId, key.SessionId)?.ToRecord().Version))
            .Where(found => found.Version is not null)
            .ToDictionary(found => found.Key, found => found.Version!);

    private SessionPage SessionsAfter(string tenantId, SessionPlace? after, int limit)
    {
        var rest = Sessions
            .Where(session => session.TenantId == tenantId && (after is null || IsBehind(session, after)))
            .OrderByDescending(session => session.UpdatedAt)
            .ThenByDescending(session => session.SessionId, StringComparer.Ordinal)
            .Take(limit + 1).Select(session => session.ToRecord()).ToList();
        return new SessionPage([.. rest.Take(limit)], HasMore: rest.Count > limit);
    }

    private static bool IsBehind(StoredSession session, SessionPlace after)
    {
        var updated = Stored(after.UpdatedAt);
        return session.UpdatedAt < updated || (session.UpdatedAt == updated
            && string.CompareOrdinal(session.SessionId, after.SessionId) < 0);
    }

    public static TurnStep Copy(TurnStep step) => step with
    {
        Events = [.. step.Events.Select(each => each.Clone())],
        Attempts = [.. step.Attempts.Select(each => each.Clone())],
    };

    private FollowedStream? Follow(FollowedPlace place) => Find(place.StreamId)?.Record is { } stream
        ? new FollowedStream(
            stream.StreamId, stream.Epoch, stream.IsOpen, stream.LastSequence,
            Events(stream.TenantId, stream.StreamId, place.AfterSequence, int.MaxValue))
        : null;

    private static MessagePage Messages(StoredSession session, MessageQuery query)
    {
        var all = session.Messages;
        if (query.BranchMessageId.Length > 0)
        {
            var ids = Upwards(session, query.BranchMessageId).Select(message => message.MessageId).ToHashSet();
            all = all.FindAll(message => ids.Contains(message.MessageId));
        }

        var rest = query.OfOpenTurns ? OfOpenTurns(session).Where(m => m.Ordinal > (query.AfterOrdinal ?? 0))
            : query.NewestFirst ? all.AsEnumerable().Reverse()
                .Where(message => message.Ordinal < (query.AfterOrdinal ?? long.MaxValue))
            : all.Where(message => message.Ordinal > (query.AfterOrdinal ?? 0));
        var messages = new List<ListedMessage>();
        var bytes = 0L;
        foreach (var message in rest)
        {
            bytes += message.Bytes;
            if (messages.Count == query.Limit || (messages.Count > 0 && bytes > query.MaxBytes))
            {
                return new MessagePage(session.ToRecord(), messages, HasMore: true);
            }

            messages.Add(message.ToListed(session, query.WithSiblings));
            bytes += messages[^1].SiblingIds.Sum(id => id.Length);
        }

        return new MessagePage(session.ToRecord(), messages, HasMore: false);
    }

    private static IEnumerable<StoredMessage> OfOpenTurns(StoredSession session)
    {
        var ids = session.Open
            .SelectMany(open => new[] { open.Record.MessageId, open.Record.UserMessageId }).ToHashSet();
        return session.Messages.Where(message => ids.Contains(message.MessageId));
    }

    private static SessionChanges Changes(StoredSession session, long afterRevision)
    {
        var messages = new List<ListedMessage>();
        var bytes = 0L;
        foreach (var message in session.Messages.Where(message => message.Revision > afterRevision)
            .OrderBy(message => message.Revision).ThenBy(message => message.Ordinal))
        {
            bytes += message.Bytes;
            if (messages.Count > 0 && bytes > MaxChangedBytes && message.Revision > messages[^1].Revision)
            {
                return new SessionChanges(session.ToRecord(), messages, HasMore: true);
            }

            messages.Add(message.ToListed(session));
            bytes += messages[^1].SiblingIds.Sum(id => id.Length);
        }

        return new SessionChanges(session.ToRecord(), messages, HasMore: false);
    }
}
