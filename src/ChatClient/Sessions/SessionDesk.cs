using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;

namespace ChatGrpc.Client.Sessions;

/// <summary>Lists, shows, renames and deletes the sessions of a service. What it returns are exit codes.</summary>
/// <param name="json">Sessions and messages are printed as lines of JSON.</param>
internal sealed class SessionDesk(ChatConnection connection, Terminal terminal, TimeZoneInfo zone, bool json)
{
    private readonly SessionTable _table = new(zone);

    public async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in SessionListing.PagesAsync(connection.Sessions, cancellationToken))
        {
            Print(page, _table.Lines);
        }

        return ExitCodes.Ok;
    }

    /// <param name="branch">The message with which the branch ends; empty: the session's head.</param>
    /// <param name="all">The messages of all branches.</param>
    public async Task<int> ShowAsync(string session, string branch, bool all, CancellationToken cancellationToken)
    {
        var messages = new SessionMessages(connection.Sessions);
        var end = all ? ""
            : branch.Length == 0 ? await messages.HeadAsync(session, cancellationToken)
            : await new MessageFinder(messages, terminal).FindAsync(session, branch, cancellationToken);
        if (end is null)
        {
            return ExitCodes.Usage;
        }

        var request = new ListMessagesRequest { SessionId = session, BranchMessageId = end };
        var transcript = new Transcript(zone);
        await foreach (var page in messages.PagesAsync(request, cancellationToken))
        {
            Print(page, transcript.Lines);
        }

        return ExitCodes.Ok;
    }

    public async Task<int> RenameAsync(string session, string title, CancellationToken cancellationToken)
    {
        var renamed = await connection.Sessions.RenameSessionAsync(
            new RenameSessionRequest { SessionId = session, Title = title }, cancellationToken: cancellationToken);
        return Print(renamed.Session);
    }

    public async Task<int> DeleteAsync(string session, CancellationToken cancellationToken)
    {
        _ = await connection.Sessions.DeleteSessionAsync(
            new DeleteSessionRequest { SessionId = session }, cancellationToken: cancellationToken);
        terminal.WriteNotice($"{session} is deleted.");
        return ExitCodes.Ok;
    }

    /// <param name="last">The last message of the new session; empty: the session's head.</param>
    /// <param name="copy">What the new one is called; empty: the service names it.</param>
    public async Task<int> ForkAsync(string session, string last, string copy, CancellationToken cancellationToken)
    {
        if (last.Length > 0)
        {
            var finder = new MessageFinder(new SessionMessages(connection.Sessions), terminal);
            if (await finder.FindAsync(session, last, cancellationToken) is not { } found)
            {
                return ExitCodes.Usage;
            }

            last = found;
        }

        var request = new ForkSessionRequest { SessionId = session, MessageId = last, NewSessionId = copy };
        var forked = await connection.Sessions.ForkSessionAsync(request, cancellationToken: cancellationToken);
        return Print(forked.Session);
    }

    private int Print(Session session)
    {
        Print([session], _table.Lines);
        return ExitCodes.Ok;
    }

    private void Print<T>(IReadOnlyCollection<T> found, Func<IReadOnlyCollection<T>, IEnumerable<string>> lines)
        where T : IMessage
    {
        foreach (var line in json ? found.Select(one => JsonFormatter.Default.Format(one)) : lines(found))
        {
            terminal.WriteLine(line);
        }
    }
}
