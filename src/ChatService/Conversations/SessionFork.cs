using System.Text;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Conversations;

/// <summary>Copies one branch of a session into a new one.</summary>
internal sealed class SessionFork(IChatStore store, SessionImport import, TimeProvider time)
{
    /// <summary>It is read into memory as a whole, as a file is that is imported.</summary>
    public static Failure TooLarge { get; } = new(
        Code.FailedPrecondition, "SESSION_TOO_LARGE",
        $"A branch of more than {SessionFile.MaxMessages} messages or {SessionFile.MaxBytes} bytes is not copied.");

    private static Failure MessageOpen { get; } = new(
        Code.FailedPrecondition, "MESSAGE_OPEN", "An answer of the branch is still being made.");

    /// <returns>The new session, or why there is none; then nothing was written.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<(NewSession? Session, Failure? Failure)> RunAsync(
        string tenantId, ForkSessionRequest request, CancellationToken cancellationToken)
    {
        var session = await store.FindSessionAsync(tenantId, request.SessionId, cancellationToken);
        var last = request.MessageId.Length > 0 ? request.MessageId : session?.HeadMessageId ?? "";
        var (reading, failure) = await SessionReading.OpenAsync(
            store, tenantId, request.SessionId, last, cancellationToken);
        if (reading is null)
        {
            return (null, failure);
        }

        var messages = new List<ListedMessage>();
        var bytes = 0L;
        await foreach (var message in reading.ReadAllAsync(cancellationToken))
        {
            bytes += SizeOf(message);
            if (messages.Count == SessionFile.MaxMessages || bytes > SessionFile.MaxBytes)
            {
                return (null, TooLarge);
            }

            if (message.Message.Status is StreamState.Queued or StreamState.Running or StreamState.Waiting)
            {
                return (null, MessageOpen);
            }

            messages.Add(message with { Ordinal = messages.Count + 1, SiblingIds = [] });
        }

        return reading.Failure is not null
            ? (null, reading.Failure)
            : await WriteAsync(tenantId, request, reading.Session, messages, cancellationToken);
    }

    // With what tools were asked and answered, and the documents that were made.
    private static long SizeOf(ListedMessage message) =>
        message.Message.Parts.Sum(part => (long)part.CalculateSize())
        + Encoding.UTF8.GetByteCount(message.Reasoning)
        + message.Message.Steps.Sum(step => step.Events.Sum(each => (long)each.CalculateSize()));

    private Task<(NewSession? Session, Failure? Failure)> WriteAsync(
        string tenantId, ForkSessionRequest request, SessionRecord source, List<ListedMessage> messages,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = request.NewSessionId.Length > 0 ? request.NewSessionId : Guid.CreateVersion7(now).ToString();
        var copy = new NewSession(
            tenantId, id, source.Title, now, now, messages[^1].Message.MessageId, messages);
        return import.WriteAsync(FreshIds.Of(copy, now), cancellationToken);
    }
}
