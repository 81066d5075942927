using Chat.V1;
using ChatGrpc.Storage;
using Google.Protobuf;

namespace Simulation.Tests.Store;

internal sealed partial class MemoryStore
{
    private OpenResult Open(NewTurn turn)
    {
        var stream = turn.Stream;
        if (Find(stream.StreamId) is { } itself && itself.Record.TenantId == stream.TenantId)
        {
            return new OpenResult(OpenOutcome.SentBefore, stream.StreamId);
        }

        if (turn.ClientRequestId.Length > 0 && flaw != StoreFlaw.IgnoresRequestIds
            && OfRequest(stream.TenantId, turn.ClientRequestId) is { } before)
        {
            var isSame = before.BodyHash.AsSpan().SequenceEqual(turn.BodyHash);
            return new OpenResult(
                isSame ? OpenOutcome.SentBefore : OpenOutcome.RequestIdTaken, before.Record.StreamId);
        }

        var session = Session(stream.TenantId, stream.SessionId);
        var open = flaw == StoreFlaw.IgnoresBusySession ? [] : session?.Open.ToList() ?? [];
        if (open.Count > turn.MaxTurnsAhead)
        {
            return new OpenResult(
                turn.MaxTurnsAhead == 0 ? OpenOutcome.SessionBusy : OpenOutcome.QueueFull,
                open.Count > 0 ? open[0].Record.StreamId : "");
        }

        var edited = session?.Messages.Find(
            message => message.MessageId == turn.EditMessageId && message.Role == MessageRole.User);
        var parent = turn.AnswersStoredMessage ? stream.UserMessageId : turn.ParentMessageId;
        if ((turn.EditMessageId.Length > 0 && edited is null)
            || (parent.Length > 0 && session?.Messages.Exists(message => message.MessageId == parent) != true))
        {
            return new OpenResult(OpenOutcome.ParentNotFound, "");
        }

        if (_streams.ContainsKey(stream.StreamId))
        {
            throw new StoreException("The store refused the write.", new InvalidOperationException("The id is used."))
            {
                Refused = true,
            };
        }

        parent = edited is not null ? edited.ParentId : parent.Length > 0 ? parent : session?.HeadMessageId;
        Insert(turn, session, parent, open.Count == 0 ? StreamState.Running : StreamState.Queued);
        return new OpenResult(
            open.Count == 0 ? OpenOutcome.Opened : OpenOutcome.Queued, stream.StreamId, open.Count);
    }

    private void Insert(NewTurn turn, StoredSession? known, string? parent, StreamState state)
    {
        var stream = turn.Stream with { State = state, CreatedAt = Stored(turn.Stream.CreatedAt) };
        var session = known ?? new StoredSession
        {
            TenantId = stream.TenantId,
            SessionId = stream.SessionId,
            Title = SessionTitle.Of(turn.Parts),
            CreatedAt = stream.CreatedAt,
            UpdatedAt = stream.CreatedAt,
            TitleNumber = ++_searchNumber,
        };
        if (known is null)
        {
            _sessions.Add((stream.TenantId, stream.SessionId), session);
        }
        else
        {
            session.Touch(stream.CreatedAt);
        }

        session.HeadMessageId = stream.MessageId;
        if (!turn.AnswersStoredMessage)
        {
            Add(stream.UserMessageId, parent, MessageRole.User, turn.UserId, turn.Parts, StreamState.Completed);
        }

        var answer = Add(stream.MessageId, stream.UserMessageId, MessageRole.Assistant, stream.Model, [], state);
        var row = new StoredStream(stream, session)
        {
            RequestId = turn.ClientRequestId.Length > 0 ? turn.ClientRequestId : null,
            BodyHash = [.. turn.BodyHash],
            Request = turn.Request.Clone(),
            Owner = turn.Owner,
            Answer = answer,
        };
        _streams.Add(stream.StreamId, row);
        session.Streams.Add(row);

        StoredMessage Add(
            string id, string? parentId, MessageRole role, string author, IReadOnlyList<Part> parts, StreamState status)
        {
            var message = new StoredMessage
            {
                MessageId = id,
                ParentId = parentId,
                StreamId = stream.StreamId,
                Role = role,
                Author = author,
                CreatedAt = stream.CreatedAt,
                Ordinal = session.Messages.Count + 1,
                Parts = LengthPrefixed.Encode(parts),
                Status = status,
                Revision = session.Revision,
            };
            session.Messages.Add(message);
            return message;
        }
    }

    private WriteResult Commit(TurnWrite write)
    {
        if (Find(write.StreamId) is not { } stream || (IsFenced(stream, write) && flaw != StoreFlaw.NoFence))
        {
            return new WriteResult(WriteOutcome.Fenced);
        }

        var epoch = flaw == StoreFlaw.ForgetsNewEpoch ? stream.Record.Epoch : write.NewEpoch;
        stream.Record = stream.Record with { Epoch = epoch, LastSequence = write.LastSequence };
        stream.Chunks.Add(
            new StoredChunk(write.FirstSequence, write.LastSequence, epoch, LengthPrefixed.Encode(write.Events)));
        foreach (var step in write.Steps)
        {
            if (flaw == StoreFlaw.KeepsOldSteps && stream.Answer.Steps.Exists(known => known.Number == step.Number))
            {
                continue;
            }

            _ = stream.Answer.Steps.RemoveAll(known => known.Number == step.Number);
            stream.Answer.Steps.Add(Copy(step));
        }

        if (write.Closing is not { } closing)
        {
            if (write.State is { } state && flaw != StoreFlaw.ForgetsWaiting)
            {
                Show(stream, state);
            }

            return new WriteResult(WriteOutcome.Committed);
        }

        Close(stream, closing);
        return new WriteResult(
            WriteOutcome.Committed, closing.PromotesNext ? PromoteIn(stream.Session, stream.Owner) : null);
    }

    private static bool IsFenced(StoredStream stream, TurnWrite write) =>
        stream.Record.Epoch != write.Epoch || !stream.Record.IsOpen
        || stream.Record.LastSequence != write.FirstSequence - 1;

    private void Close(StoredStream stream, TurnClosing closing)
    {
        stream.Record = stream.Record with { State = closing.State };
        stream.EndedAt = Stored(closing.EndedAt);
        stream.Session.Touch(Stored(closing.EndedAt));
        var answer = stream.Answer;
        answer.Parts = LengthPrefixed.Encode(closing.Parts);
        answer.Reasoning = closing.Reasoning;
        answer.Status = closing.State;
        answer.Usage = closing.Usage.Clone();
        answer.FinishReason = closing.FinishReason;
        answer.Revision = stream.Session.Revision;
        var asked = stream.Session.Messages.Find(message => message.MessageId == stream.Record.UserMessageId)!;
        asked.SearchNumber = asked.SearchNumber > 0 ? asked.SearchNumber : ++_searchNumber;
        answer.SearchNumber = ++_searchNumber;
    }

    private static void Show(StoredStream stream, StreamState state)
    {
        stream.Record = stream.Record with { State = state };
        stream.Answer.Status = state;
        stream.Answer.Revision = ++stream.Session.Revision;
    }

    private static StoredTurn Stored(StoredStream stream) => new(stream.Record, stream.Request.ToByteArray());

    private int Expire(DateTimeOffset endedBefore, int limit)
    {
        var expired = Streams
            .Where(stream => stream.Record.HasLog && stream.EndedAt < Stored(endedBefore))
            .OrderBy(stream => stream.EndedAt).Take(limit).ToList();
        foreach (var stream in expired)
        {
            stream.Record = stream.Record with { HasLog = false };
            stream.RequestId = null;
            stream.Request = new StreamChatRequest();
            stream.Chunks.Clear();
        }

        return expired.Count;
    }

    // Times are kept in milliseconds.
    private static DateTimeOffset Stored(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
