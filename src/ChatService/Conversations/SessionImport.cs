using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Conversations;

/// <summary>Makes sessions of files: everything is checked before anything is written.</summary>
internal sealed class SessionImport(IChatStore store, SessionSignals signals, TimeProvider time)
{
    /// <summary>More than a file may have, or the memory is needed for something else.</summary>
    public static Failure TooLarge { get; } = new(
        Code.ResourceExhausted, "IMPORT_TOO_LARGE", $"A file may have at most {SessionFile.MaxBytes} bytes.");

    public static Failure SessionExists { get; } = new(
        Code.AlreadyExists, "SESSION_EXISTS", "There is a session of that id: choose another one, or delete it first.");

    // A database that restarts is there again within that; longer nobody wants to be left without a word.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="sessionId">Empty: the one in the file.</param>
    /// <returns>The session, or why there is none; then nothing was written.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<(NewSession? Session, Failure? Failure)> RunAsync(
        string tenantId, string sessionId, byte[] file, CancellationToken cancellationToken)
    {
        var (session, failure) = Read(tenantId, sessionId, file);
        return session is null ? (null, failure) : await WriteAsync(session, cancellationToken);
    }

    /// <summary>Writes the session under its ids, or under new ones where any of them is taken.</summary>
    /// <exception cref="StoreException">The store cannot be reached, or nobody knows what came of it.</exception>
    public async Task<(NewSession? Session, Failure? Failure)> WriteAsync(
        NewSession session, CancellationToken cancellationToken)
    {
        var outcome = await WriteSurelyAsync(session, cancellationToken);
        if (outcome == ImportOutcome.IdsTaken)
        {
            session = FreshIds.Of(session, time.GetUtcNow());
            outcome = await WriteSurelyAsync(session, cancellationToken);
        }

        switch (outcome)
        {
            case ImportOutcome.Imported:
                signals.Changed(session.TenantId, session.SessionId);
                return (session, null);
            case ImportOutcome.SessionTaken:
                return (null, SessionExists);
            default:
                throw new InvalidOperationException("Ids that were made just now are taken.");
        }
    }

    // What came of a write of unknown outcome is found out by trying the same one again: if it was committed, the
    // session is there, and its head is the one that it was to have.
    private async Task<ImportOutcome> WriteSurelyAsync(NewSession session, CancellationToken cancellationToken)
    {
        var (began, isDoubted) = (time.GetTimestamp(), false);
        while (true)
        {
            try
            {
                var outcome = await store.ImportSessionAsync(session, cancellationToken);
                return outcome == ImportOutcome.SessionTaken && isDoubted && await IsThereAsync()
                    ? ImportOutcome.Imported
                    : outcome;
            }
            catch (StoreException failure)
            {
                isDoubted |= failure.OutcomeUnknown;
                if (!isDoubted || time.GetElapsedTime(began) >= Patience)
                {
                    throw;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        async Task<bool> IsThereAsync() =>
            (await store.FindSessionAsync(session.TenantId, session.SessionId, cancellationToken))?.HeadMessageId
                == session.HeadMessageId;
    }

    private static (NewSession? Session, Failure? Failure) Read(string tenantId, string sessionId, byte[] file)
    {
        var read = new ImportedFile();
        if (read.Read(file) is { } failure)
        {
            return (null, failure);
        }

        var session = read.Session!;
        var id = sessionId.Length > 0 ? sessionId : session.SessionId;
        var (messages, wrong) = Messages(read, file);
        var head = messages.Any(message => message.Message.MessageId == session.HeadMessageId);
        var problem = !SessionName.IsOne(id) ? $"session_id: {SessionName.Rule}."
            : ImportRules.Check(session) ?? (head ? null : "head_message_id: must be one of the messages.");
        wrong ??= problem is null ? null : FilePlace.Of(file, read.SessionOffset).Wrong(problem);
        return wrong is not null
            ? (null, wrong)
            : (new NewSession(
                tenantId, id, session.Title, session.CreateTime.ToDateTimeOffset(),
                session.UpdateTime.ToDateTimeOffset(), session.HeadMessageId, messages), null);
    }

    private static (List<ListedMessage> Messages, Failure? Failure) Messages(ImportedFile read, byte[] file)
    {
        var messages = new List<ListedMessage>(read.Messages.Count);
        var roles = new Dictionary<string, MessageRole>();
        var answering = new HashSet<string>();
        foreach (var (message, offset) in read.Messages)
        {
            var problem = ImportRules.Check(message, roles);
            if (problem is null && message.Role == MessageRole.Assistant && !answering.Add(message.StreamId))
            {
                problem = "stream_id: an earlier answer has it.";
            }

            if (problem is not null)
            {
                return (messages, FilePlace.Of(file, offset).Wrong(problem));
            }

            roles.Add(message.MessageId, message.Role);
            messages.Add(ImportedMessages.Of(message, messages.Count + 1));
        }

        return (messages, null);
    }
}
