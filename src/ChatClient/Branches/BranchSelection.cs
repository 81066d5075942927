using Chat.V1;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Branches;

/// <summary>Has a session go on with another branch.</summary>
internal sealed class BranchSelection(SessionService.SessionServiceClient sessions)
{
    /// <param name="id">A message of the branch.</param>
    /// <returns>The session, and the message that it goes on after.</returns>
    public async Task<(Session Session, MessageNode Last)> MakeAsync(
        string session, string id, CancellationToken cancellationToken)
    {
        var selected = await sessions.SelectBranchAsync(
            new SelectBranchRequest { SessionId = session, MessageId = id }, cancellationToken: cancellationToken);
        var last = await new SessionMessages(sessions).LastAsync(
            session, selected.Session.HeadMessageId, _ => true, cancellationToken);
        return (selected.Session, MessageNode.Of(last ?? new Message { MessageId = selected.Session.HeadMessageId }));
    }
}
