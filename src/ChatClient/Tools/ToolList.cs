using Chat.V1;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;

namespace ChatGrpc.Client.Tools;

/// <summary>chat tools.</summary>
internal sealed class ToolList(ChatConnection connection, Terminal terminal)
{
    /// <returns>The exit code.</returns>
    public async Task<int> PrintAsync(bool json, CancellationToken cancellationToken)
    {
        var listed = await connection.Tools.ListToolsAsync(
            new ListToolsRequest(), cancellationToken: cancellationToken);
        var lines = json
            ? listed.Tools.Select(tool => JsonFormatter.Default.Format(tool))
            : ToolTable.Lines(listed);
        foreach (var line in lines)
        {
            terminal.WriteLine(line);
        }

        foreach (var server in listed.Servers.Where(server => server.UnavailableReason.Length > 0))
        {
            terminal.WriteNotice($"{server.Name} is not available: {server.UnavailableReason}");
        }

        return ExitCodes.Ok;
    }
}
