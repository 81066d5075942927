using Chat.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client;

/// <summary>One question and its answer.</summary>
internal sealed class Exchange(Uri server, Terminal terminal, bool json, LastSession sessions, TimeProvider time)
{
    // A service that does not answer a cancel is not waited for.
    public static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(2);

    private readonly AnswerPrinter _printer = new(terminal, json);
    private readonly StreamProof _proof = new();
    private SessionInfo? _session;

    /// <param name="interrupted">Cancelled by Ctrl+C: the turn is ended, not just this reading.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(StreamChatRequest request, CancellationToken interrupted)
    {
        using var channel = GrpcChannel.ForAddress(server);
        var client = new Service.ChatServiceClient(channel);
        try
        {
            await ReadAsync(client, request, interrupted);
        }
        catch (RpcException failure)
            when (interrupted.IsCancellationRequested || failure.StatusCode == StatusCode.Cancelled)
        {
            _printer.EndLine();
            await CancelAsync(client);
            return ExitCodes.Interrupted;
        }
        catch (RpcException failure)
        {
            return Report(failure);
        }
        catch (IOException) when (!interrupted.IsCancellationRequested)
        {
            await CancelAsync(client);
            return ExitCodes.BrokenPipe;
        }

        return Conclude();
    }

    private async Task ReadAsync(
        Service.ChatServiceClient client, StreamChatRequest request, CancellationToken interrupted)
    {
        using var call = client.StreamChat(request, cancellationToken: interrupted);
        while (await call.ResponseStream.MoveNext(interrupted))
        {
            var next = call.ResponseStream.Current;
            _session ??= Remember(next.SessionInfo);
            _proof.Observe(next);
            _printer.Show(next);
        }
    }

    private int Conclude()
    {
        _printer.EndLine();
        if (_proof.Flaw is not { } flaw)
        {
            return ExitCodes.Ok;
        }

        terminal.WriteError(flaw);
        return ExitCodes.DataLoss;
    }

    private int Report(RpcException failure)
    {
        _printer.EndLine();
        foreach (var line in Failures.Describe(failure, server, answering: _session is not null))
        {
            terminal.WriteError(line);
        }

        return (int)failure.StatusCode;
    }

    private SessionInfo? Remember(SessionInfo? session)
    {
        try
        {
            if (session is not null)
            {
                sessions.Save(server, session.SessionId);
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            terminal.WriteNotice($"--continue will not know this session: {unwritable.Message}");
        }

        return session;
    }

    private async Task CancelAsync(Service.ChatServiceClient client)
    {
        if (_session is null)
        {
            return;
        }

        try
        {
            await client.CancelStreamAsync(
                new CancelStreamRequest { StreamId = _session.StreamId },
                deadline: (time.GetUtcNow() + CancelPatience).UtcDateTime);
            terminal.WriteNotice("Stopped; what there is of the answer is saved.");
        }
        catch (RpcException failure)
        {
            terminal.WriteError($"The service did not confirm that it stopped: {failure.Status.Detail}");
        }
    }
}
