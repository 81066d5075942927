using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;
using Google.Protobuf;

namespace ChatGrpc.Client.Branches;

/// <summary>Chooses the branch with which a session goes on. What it returns are exit codes.</summary>
internal sealed class BranchDesk(ChatConnection connection, Terminal terminal, TimeZoneInfo zone, bool json)
{
    private readonly SessionMessages _messages = new(connection.Sessions);

    /// <param name="name">A message of the branch, as somebody types it.</param>
    public async Task<int> SelectAsync(string session, string name, CancellationToken cancellationToken)
    {
        var finder = new MessageFinder(_messages, terminal);
        return await finder.FindAsync(session, name, cancellationToken) is { } id
            ? await GoOnWithAsync(session, id, cancellationToken)
            : ExitCodes.Usage;
    }

    /// <summary>The branch beside, where the session branched last.</summary>
    /// <param name="step">1: the next one; -1: the one before.</param>
    public async Task<int> StepAsync(string session, int step, CancellationToken cancellationToken)
    {
        var head = await _messages.HeadAsync(session, cancellationToken);
        var tree = await MessageTree.ReadAsync(_messages, session, cancellationToken);
        if (tree.BranchOf(head).LastOrDefault(node => tree.Beside(node).Count > 1) is not { } at)
        {
            terminal.WriteError($"{session} has one branch only.");
            return ExitCodes.Usage;
        }

        var beside = tree.Beside(at).ToList();
        var next = beside.IndexOf(at) + step;
        if (next < 0 || next >= beside.Count)
        {
            terminal.WriteError($"{session} is in the {(next < 0 ? "first" : "last")} of {beside.Count} branches.");
            return ExitCodes.Usage;
        }

        return await GoOnWithAsync(session, beside[next].Id, cancellationToken);
    }

    private async Task<int> GoOnWithAsync(string session, string id, CancellationToken cancellationToken)
    {
        var (selected, last) = await new BranchSelection(connection.Sessions).MakeAsync(session, id, cancellationToken);
        terminal.WriteLine(json
            ? JsonFormatter.Default.Format(selected)
            : $"{session} goes on after {MessageLine.Of(last, zone)} ({MessageName.Of(last.Id)})");
        return ExitCodes.Ok;
    }
}
