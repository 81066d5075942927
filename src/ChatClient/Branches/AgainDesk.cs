using Chat.V1;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Branches;

/// <summary>Makes the requests that put a branch beside what is there: an answer once more, a message edited.</summary>
internal sealed class AgainDesk(ChatConnection connection, Terminal terminal)
{
    private readonly SessionMessages _messages = new(connection.Sessions);

    /// <param name="request">How it is to be answered.</param>
    /// <param name="name">What is answered once more; empty: the session's newest message.</param>
    /// <returns>The request; null: there is no such message, which is told.</returns>
    public async Task<StreamChatRequest?> RegenerateAsync(
        StreamChatRequest request, string name, CancellationToken cancellationToken)
    {
        request.RegenerateMessageId = name.Length == 0
            ? await _messages.HeadAsync(request.SessionId, cancellationToken)
            : await FindAsync(request.SessionId, name, cancellationToken) ?? "";
        return request.RegenerateMessageId.Length > 0 ? request : null;
    }

    /// <summary>What was attached to the message goes with the new one too.</summary>
    /// <param name="request">How it reads now, and how it is to be answered.</param>
    /// <param name="name">The user's message; empty: the newest one of the branch that goes on.</param>
    /// <returns>The request; null: there is no such message, which is told.</returns>
    public async Task<StreamChatRequest?> EditAsync(
        StreamChatRequest request, string name, CancellationToken cancellationToken)
    {
        var session = request.SessionId;
        var end = name.Length == 0
            ? await _messages.HeadAsync(session, cancellationToken)
            : await FindAsync(session, name, cancellationToken);
        if (end is null)
        {
            return null;
        }

        var edited = await _messages.LastAsync(
            session, end, message => name.Length > 0 || message.Role == MessageRole.User, cancellationToken);
        if (edited is null)
        {
            terminal.WriteError($"{session} has no message to edit.");
            return null;
        }

        request.EditMessageId = edited.MessageId;
        var added = request.Parts.ToList();
        request.Parts.Clear();
        request.Parts.Add(Attached(edited).Concat(added));
        return request;
    }

    private Task<string?> FindAsync(string session, string name, CancellationToken cancellationToken) =>
        new MessageFinder(_messages, terminal).FindAsync(session, name, cancellationToken);

    // A message's text is its first part, and what goes with it comes after.
    private static IEnumerable<Part> Attached(Message message) =>
        message.Parts.Skip(message.Parts is [{ ContentCase: Part.ContentOneofCase.Text }, ..] ? 1 : 0);
}
