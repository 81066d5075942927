using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;
using Grpc.Core;

namespace ChatGrpc.Client.Transfer;

/// <summary>Brings sessions out of a service, as files. What it returns are exit codes.</summary>
internal sealed class ExportDesk(ChatConnection connection, Terminal terminal)
{
    /// <param name="file">Where it shall be; null: on the output.</param>
    /// <param name="force">What is there already may be written over.</param>
    public async Task<int> ExportAsync(
        ExportSessionRequest request, string? file, bool force, CancellationToken cancellationToken)
    {
        if (request.BranchMessageId.Length > 0)
        {
            var finder = new MessageFinder(new SessionMessages(connection.Sessions), terminal);
            var branch = await finder.FindAsync(request.SessionId, request.BranchMessageId, cancellationToken);
            if (branch is null)
            {
                return ExitCodes.Usage;
            }

            request.BranchMessageId = branch;
        }

        if (file is not null)
        {
            return await WriteAsync(request, file, force, cancellationToken);
        }

        await foreach (var piece in PiecesAsync(request, cancellationToken))
        {
            terminal.WriteBytes(piece.Span);
        }

        return ExitCodes.Ok;
    }

    /// <summary>All sessions, a file each. What cannot be written is told, and the others are.</summary>
    public async Task<int> ExportAllAsync(
        ExportFormat format, string folder, bool force, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            terminal.WriteError($"{folder} cannot be made: {unwritable.Message}");
            return ExitCodes.Unwritable;
        }

        var names = new SessionFileNames();
        var (exitCode, written) = (ExitCodes.Ok, 0);
        foreach (var session in await SessionsAsync(cancellationToken))
        {
            var request = new ExportSessionRequest { SessionId = session, Format = format };
            var name = names.Next(session, format == ExportFormat.Markdown ? ".md" : ".json");
            var became = await ExportOneAsync(request, Path.Combine(folder, name), force, cancellationToken);
            exitCode = exitCode == ExitCodes.Ok ? became : exitCode;
            written += became == ExitCodes.Ok ? 1 : 0;
        }

        terminal.WriteNotice($"Conversations in {folder}: {written:N0}.");
        return exitCode;
    }

    private async Task<int> ExportOneAsync(
        ExportSessionRequest request, string file, bool force, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(request, file, force, cancellationToken);
        }
        catch (RpcException gone) when (gone.StatusCode == StatusCode.NotFound)
        {
            terminal.WriteError($"{request.SessionId} was deleted meanwhile.");
            return (int)gone.StatusCode;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            terminal.WriteError($"{request.SessionId} is not exported:");
            return Failures.Tell(refused, connection.Server, terminal);
        }
    }

    private async Task<int> WriteAsync(
        ExportSessionRequest request, string path, bool force, CancellationToken cancellationToken)
    {
        var error = await new WholeFile(path, force).WriteAsync(async file =>
        {
            await foreach (var piece in PiecesAsync(request, cancellationToken))
            {
                await file.WriteAsync(piece, cancellationToken);
            }
        });
        if (error.Length == 0)
        {
            return ExitCodes.Ok;
        }

        terminal.WriteError(error);
        return ExitCodes.Unwritable;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        ExportSessionRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = connection.Sessions.ExportSession(request, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            yield return call.ResponseStream.Current.Data.Memory;
        }
    }

    // Read to its end first: a listing goes on less surely the longer it takes.
    private async Task<List<string>> SessionsAsync(CancellationToken cancellationToken)
    {
        var sessions = new List<string>();
        await foreach (var page in SessionListing.PagesAsync(connection.Sessions, cancellationToken))
        {
            sessions.AddRange(page.Select(session => session.SessionId));
        }

        return sessions;
    }
}
