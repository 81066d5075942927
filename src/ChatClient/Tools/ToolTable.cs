using Chat.V1;

namespace ChatGrpc.Client.Tools;

/// <summary>The tools as lines to read: those that every message is offered are marked.</summary>
internal static class ToolTable
{
    // With a name before it this fills a line of a wide terminal.
    private const int MaxDescription = 100;

    public static IEnumerable<string> Lines(ListToolsResponse listed)
    {
        var names = listed.Tools.Select(tool => tool.Name.Length).DefaultIfEmpty().Max();
        return listed.Tools.Select(tool =>
            $"{(tool.OfferedByDefault ? "*" : " ")} {tool.Name.PadRight(names)}  "
            + CallLine.Cut(tool.Description.Length > 0 ? tool.Description : tool.Title, MaxDescription));
    }
}
