using Chat.V1;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;

namespace ChatGrpc.Client.Models;

/// <summary>chat models.</summary>
internal sealed class ModelList(ChatConnection connection, Terminal terminal)
{
    /// <returns>The exit code.</returns>
    public async Task<int> PrintAsync(bool json, CancellationToken cancellationToken)
    {
        var listed = await connection.Models.ListModelsAsync(
            new ListModelsRequest(), cancellationToken: cancellationToken);
        var lines = json
            ? listed.Models.Select(model => JsonFormatter.Default.Format(model))
            : ModelTable.Lines(listed, current: "");
        foreach (var line in lines)
        {
            terminal.WriteLine(line);
        }

        return ExitCodes.Ok;
    }
}
