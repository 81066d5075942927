using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;

namespace Simulation.Tests.Store;

internal sealed partial class MemoryStore
{
    private long _searchNumber;

    private SessionRecord? Rename(string tenantId, string sessionId, string title, DateTimeOffset at)
    {
        if (Session(tenantId, sessionId) is not { } session)
        {
            return null;
        }

        session.Title = title;
        session.TitleNumber = ++_searchNumber;
        session.Touch(Stored(at));
        return session.ToRecord();
    }

    private DeleteResult Delete(string tenantId, string sessionId)
    {
        if (Session(tenantId, sessionId) is not { } session)
        {
            return new DeleteResult(DeleteOutcome.NotFound);
        }

        if (session.Open.FirstOrDefault() is { } open)
        {
            return new DeleteResult(DeleteOutcome.SessionBusy, open.Record.StreamId);
        }

        session.Streams.ForEach(stream => _streams.Remove(stream.Record.StreamId));
        _sessions.Remove((tenantId, sessionId));
        return new DeleteResult(DeleteOutcome.Deleted);
    }

    private static BranchSelection Select(StoredSession? session, string messageId)
    {
        if (session?.Messages.Find(message => message.MessageId == messageId) is not { } below)
        {
            return new BranchSelection(session?.ToRecord(), HasMessage: false);
        }

        // A message comes after the one that it follows.
        var ids = new HashSet<string> { below.MessageId };
        foreach (var message in session.Messages.Where(each => each.ParentId is { } id && ids.Contains(id)))
        {
            ids.Add(message.MessageId);
            below = message;
        }

        session.Revision += session.HeadMessageId == below.MessageId ? 0 : 1;
        session.HeadMessageId = below.MessageId;
        return new BranchSelection(session.ToRecord(), HasMessage: true);
    }

    private ImportOutcome Import(NewSession import)
    {
        if (Session(import.TenantId, import.SessionId) is not null)
        {
            return ImportOutcome.SessionTaken;
        }

        var known = Sessions.SelectMany(session => session.Messages).Select(message => message.MessageId).ToHashSet();
        if (import.Messages.Any(listed =>
            known.Contains(listed.Message.MessageId)
            || (listed.Message.Role == MessageRole.Assistant && _streams.ContainsKey(listed.StreamId))))
        {
            return ImportOutcome.IdsTaken;
        }

        var session = new StoredSession
        {
            TenantId = import.TenantId,
            SessionId = import.SessionId,
            Title = import.Title,
            CreatedAt = Stored(import.CreatedAt),
            UpdatedAt = Stored(import.UpdatedAt),
            HeadMessageId = import.HeadMessageId,
            TitleNumber = ++_searchNumber,
        };
        _sessions.Add((import.TenantId, import.SessionId), session);
        foreach (var listed in import.Messages)
        {
            Add(session, listed);
        }

        return ImportOutcome.Imported;
    }

    private void Add(StoredSession session, ListedMessage listed)
    {
        var message = new StoredMessage
        {
            MessageId = listed.Message.MessageId,
            ParentId = listed.Message.ParentId,
            StreamId = listed.StreamId,
            Role = listed.Message.Role,
            Author = listed.Message.Author,
            CreatedAt = Stored(listed.CreatedAt),
            Ordinal = listed.Ordinal,
            Parts = LengthPrefixed.Encode(listed.Message.Parts),
            Status = listed.Message.Status,
            Revision = 1,
            SearchNumber = ++_searchNumber,
            Reasoning = listed.Reasoning,
            Usage = listed.Usage?.Clone(),
            FinishReason = listed.FinishReason,
        };
        message.Steps.AddRange(listed.Message.Steps.Select(Copy));
        session.Messages.Add(message);
        if (message.Role == MessageRole.Assistant)
        {
            AddEnded(session, message);
        }
    }

    private void AddEnded(StoredSession session, StoredMessage answer)
    {
        var record = new StreamRecord
        {
            StreamId = answer.StreamId,
            TenantId = session.TenantId,
            SessionId = session.SessionId,
            UserMessageId = answer.ParentId!,
            MessageId = answer.MessageId,
            Model = answer.Author,
            ResolvedModel = "",
            Provider = "",
            State = answer.Status,
            CreatedAt = answer.CreatedAt,
            HasLog = false,
        };
        var stream = new StoredStream(record, session)
        {
            BodyHash = [],
            Request = new StreamChatRequest(),
            Owner = "",
            Answer = answer,
            EndedAt = answer.CreatedAt,
        };
        _streams.Add(record.StreamId, stream);
        session.Streams.Add(stream);
    }

    private IEnumerable<SearchedText> Searched(string tenantId, SearchQuery query) => Sessions
        .Where(session => session.TenantId == tenantId)
        .Where(session => query.SessionId.Length == 0 || session.SessionId == query.SessionId)
        .SelectMany(session => session.Messages.Where(message => message.SearchNumber > 0)
            .Select(message => Searched(session, message)).Append(Title(session)))
        .Where(text => text.Number < (query.Before ?? long.MaxValue))
        .OrderByDescending(text => text.Number);

    private static SearchedText Searched(StoredSession session, StoredMessage message) => new(
        message.SearchNumber, session.SessionId, session.Title, message.MessageId, message.Role, message.Author,
        message.CreatedAt, SearchReading.TextOf(message.ToRecord().Parts));

    private static SearchedText Title(StoredSession session) => new(
        session.TitleNumber, session.SessionId, session.Title, "", MessageRole.Unspecified, "", session.CreatedAt,
        session.Title);
}
