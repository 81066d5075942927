using Chat.V1;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;
using Google.Protobuf;
using Grpc.Core;

namespace ChatGrpc.Client.Transfer;

/// <summary>Brings files of sessions into a service.</summary>
/// <param name="json">What became of each is printed as a line of JSON.</param>
internal sealed class ImportDesk(
    ChatConnection connection, ConsoleEnvironment environment, bool json)
{
    // As large as the pieces of an export.
    private const int PieceLength = 64 * 1024;

    // A smaller file is there before somebody has read how far it is.
    private const int LargeFile = 4 * 1024 * 1024;

    private const string FromInput = "-";

    private Terminal Terminal => environment.Terminal;

    /// <summary>Each file by itself: what is wrong with one is told, and the others are imported.</summary>
    /// <param name="session">The new session's id; empty: as the file says.</param>
    /// <returns>The exit code of the first that failed.</returns>
    public async Task<int> ImportAsync(
        IReadOnlyCollection<string> files, string session, CancellationToken cancellationToken)
    {
        var exitCode = ExitCodes.Ok;
        foreach (var file in files)
        {
            var became = await ImportOneAsync(file, session, cancellationToken);
            exitCode = exitCode == ExitCodes.Ok ? became : exitCode;
        }

        return exitCode;
    }

    private async Task<int> ImportOneAsync(string file, string session, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = file == FromInput
                ? new ImportSource("Standard input", environment.InputBytes, Length: 0)
                : ImportSource.Open(file);
            Print(await SendAsync(source, session, cancellationToken));
            return ExitCodes.Ok;
        }
        catch (UnreadableException unreadable)
        {
            Terminal.WriteError(unreadable.Message);
            return ExitCodes.Usage;
        }
        catch (RpcException refused) when (IsAboutTheFile(refused))
        {
            Terminal.WriteError($"{(file == FromInput ? "Standard input" : file)} is not imported:");
            return Failures.Tell(refused, connection.Server, Terminal);
        }
    }

    // Of all else the next file would say the same.
    private static bool IsAboutTheFile(RpcException refused) => refused.StatusCode
        is StatusCode.InvalidArgument or StatusCode.AlreadyExists or StatusCode.ResourceExhausted;

    private async Task<ImportSessionResponse> SendAsync(
        ImportSource source, string session, CancellationToken cancellationToken)
    {
        using var call = connection.Sessions.ImportSession(cancellationToken: cancellationToken);
        try
        {
            await WriteAsync(source, session, call.RequestStream, cancellationToken);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // The service takes no more; why, is what it answered.
        }
        finally
        {
            EndProgress(source);
        }

        return await call.ResponseAsync;
    }

    private async Task WriteAsync(
        ImportSource source,
        string session,
        IClientStreamWriter<ImportSessionRequest> requests,
        CancellationToken cancellationToken)
    {
        var piece = new byte[PieceLength];
        var sent = 0L;
        int length;
        do
        {
            length = await source.ReadAsync(piece, cancellationToken);
            var request = new ImportSessionRequest { Data = ByteString.CopyFrom(piece, 0, length) };
            request.SessionId = sent == 0 ? session : "";
            await requests.WriteAsync(request, cancellationToken);
            sent += length;
            if (source.Length >= LargeFile)
            {
                Terminal.WriteProgress($"{source.Name}: {Math.Min(100, sent * 100 / source.Length)} %");
            }
        }
        while (length == PieceLength);
        await requests.CompleteAsync();
    }

    private void EndProgress(ImportSource source)
    {
        if (source.Length >= LargeFile)
        {
            Terminal.WriteProgress("");
        }
    }

    private void Print(ImportSessionResponse imported)
    {
        if (json)
        {
            Terminal.WriteLine(JsonFormatter.Default.Format(imported));
            return;
        }

        foreach (var line in new SessionTable(environment.Time.LocalTimeZone).Lines([imported.Session]))
        {
            Terminal.WriteLine($"{line} ({imported.MessageCount:N0} messages)");
        }
    }
}
