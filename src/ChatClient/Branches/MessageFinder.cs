using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Branches;

/// <summary>Finds the message that somebody means.</summary>
internal sealed class MessageFinder(SessionMessages messages, Terminal terminal)
{
    /// <summary>The message's whole id; null: there is none to be had, and it is told why.</summary>
    public async Task<string?> FindAsync(string session, string name, CancellationToken cancellationToken)
    {
        if (MessageName.IsWhole(name))
        {
            return name;
        }

        if (!MessageName.IsOne(name))
        {
            terminal.WriteError($"'{name}' is no message: name its id, or the end of it that chat show tells.");
            return null;
        }

        var tree = await MessageTree.ReadAsync(messages, session, cancellationToken);
        var found = tree.EndingWith(name);
        if (found is [var only])
        {
            return only.Id;
        }

        terminal.WriteError(found.Count == 0
            ? $"No message of {session} ends with {name}."
            : $"{found.Count} messages of {session} end with {name}: name more of the id.");
        return null;
    }
}
