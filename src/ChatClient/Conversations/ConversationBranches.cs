using System.Globalization;
using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Conversations;

/// <summary>/branches: where the conversation branches, and the way to another branch.</summary>
internal sealed class ConversationBranches(ChatConnection connection, Terminal terminal, TimeZoneInfo zone)
{
    private string _session = "";
    private IReadOnlyList<MessageNode> _numbered = [];

    /// <param name="number">Of the branch that is wanted, as it was told; empty: who asks wants to see them.</param>
    public async Task ObeyAsync(string session, string number, CancellationToken cancellationToken)
    {
        if (number.Length == 0)
        {
            await TellAsync(session, cancellationToken);
            return;
        }

        // The numbers are those on the screen: what was said meanwhile must not change what they mean.
        if (_session != session || !int.TryParse(number, CultureInfo.InvariantCulture, out var wanted)
            || wanted < 1 || wanted > _numbered.Count)
        {
            terminal.WriteError($"There is no branch {number}. /branches tells their numbers.");
            return;
        }

        var (_, last) = await new BranchSelection(connection.Sessions).MakeAsync(
            session, _numbered[wanted - 1].Id, cancellationToken);
        terminal.WriteNotice($"The conversation goes on after {MessageLine.Of(last, zone)}");
    }

    // Where more than one message follows another, all that do; the branch that goes on is marked.
    private async Task TellAsync(string session, CancellationToken cancellationToken)
    {
        var messages = new SessionMessages(connection.Sessions);
        var head = await messages.HeadAsync(session, cancellationToken);
        var tree = await MessageTree.ReadAsync(messages, session, cancellationToken);
        var branch = tree.BranchOf(head);
        _session = session;
        _numbered = [.. branch.Select(tree.Beside).Where(beside => beside.Count > 1).SelectMany(beside => beside)];
        if (_numbered.Count == 0)
        {
            terminal.WriteNotice("There is one branch only. /edit and /regenerate make others.");
            return;
        }

        var width = $"{_numbered.Count}".Length;
        for (var i = 0; i < _numbered.Count; i++)
        {
            var mark = branch.Contains(_numbered[i]) ? "*" : " ";
            terminal.WriteNotice(
                $"{mark} {$"{i + 1}".PadLeft(width)}  {MessageLine.Of(_numbered[i], zone)}");
        }

        terminal.WriteNotice("/branches NUMBER goes on with that one.");
    }
}
