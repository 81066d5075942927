using Chat.V1;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Branches;

/// <summary>A session's messages with what follows what. Of each only a line is kept.</summary>
internal sealed class MessageTree
{
    private readonly Dictionary<string, MessageNode> _nodes = [];
    private readonly Dictionary<string, List<MessageNode>> _following = [];

    private MessageTree()
    {
    }

    public static async Task<MessageTree> ReadAsync(
        SessionMessages messages, string session, CancellationToken cancellationToken)
    {
        var tree = new MessageTree();
        var request = new ListMessagesRequest { SessionId = session };
        await foreach (var page in messages.PagesAsync(request, cancellationToken))
        {
            foreach (var message in page)
            {
                tree.Add(MessageNode.Of(message));
            }
        }

        return tree;
    }

    /// <summary>All whose ids end so.</summary>
    public IReadOnlyList<MessageNode> EndingWith(string end) =>
        [.. _nodes.Values.Where(node => node.Id.EndsWith(end, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The message and those before it, the first one first.</summary>
    public IReadOnlyList<MessageNode> BranchOf(string id)
    {
        var branch = new List<MessageNode>();
        for (var next = id; _nodes.TryGetValue(next, out var node); next = node.Parent)
        {
            branch.Add(node);
        }

        branch.Reverse();
        return branch;
    }

    /// <summary>Those that follow the same message, itself among them, in the order in which they were made.</summary>
    public IReadOnlyList<MessageNode> Beside(MessageNode node) => _following[node.Parent];

    private void Add(MessageNode node)
    {
        _nodes[node.Id] = node;
        if (!_following.TryGetValue(node.Parent, out var following))
        {
            _following[node.Parent] = following = [];
        }

        following.Add(node);
    }
}
