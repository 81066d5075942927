using Chat.V1;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;
using Grpc.Core;

namespace ChatGrpc.Client.Models;

/// <summary>chat models.</summary>
internal sealed class ModelList(ChatConnection connection, Terminal terminal)
{
    /// <returns>The exit code.</returns>
    public async Task<int> PrintAsync(bool json, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await connection.Models.ListModelsAsync(
                new ListModelsRequest(), cancellationToken: cancellationToken);
            var lines = json
                ? listed.Models.Select(model => JsonFormatter.Default.Format(model))
                : ModelTable.Lines(listed, current: "");
            foreach (var line in lines)
            {
                await terminal.Out.WriteLineAsync(line);
            }

            await terminal.Out.FlushAsync(cancellationToken);
            return ExitCodes.Ok;
        }
        catch (RpcException failure)
        {
            foreach (var line in Failures.Describe(failure, connection.Server, answering: false))
            {
                terminal.WriteError(line);
            }

            return (int)failure.StatusCode;
        }
    }
}
