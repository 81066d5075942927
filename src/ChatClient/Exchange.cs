using Chat.V1;
using ChatGrpc.Client.Rendering;
using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>One question and its answer.</summary>
internal sealed class Exchange(
    ChatConnection connection, Terminal terminal, AnswerPrinter printer, LastSession sessions, TimeProvider time)
{
    // A service that does not answer a cancel is not waited for.
    public static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(2);

    private readonly StreamProof _proof = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionInfo? _session;

    /// <summary>The conversation that it belongs to; empty: the service has not told it.</summary>
    public string SessionId => _session?.SessionId ?? "";

    /// <param name="interrupted">Ctrl+C: the turn is ended, and what there is of it read to its end.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(StreamChatRequest request, CancellationToken interrupted)
    {
        using var abandon = new CancellationTokenSource();
        var stop = StopAsync(abandon, interrupted);
        try
        {
            await ReadAsync(request, abandon.Token);
            return Conclude(interrupted);
        }
        catch (RpcException) when (abandon.IsCancellationRequested)
        {
            printer.EndLine();
            terminal.WriteError("The service did not confirm that it stopped.");
            return ExitCodes.Interrupted;
        }
        catch (RpcException failure)
        {
            return Report(failure);
        }
        catch (IOException)
        {
            // Nobody reads the answer: it is not worth finishing.
            await CancelAsync(abandon.Token);
            return ExitCodes.BrokenPipe;
        }
        finally
        {
            await abandon.CancelAsync();
            await stop;
        }
    }

    private async Task ReadAsync(StreamChatRequest request, CancellationToken abandoned)
    {
        using var call = connection.Chat.StreamChat(request, cancellationToken: abandoned);
        while (await call.ResponseStream.MoveNext(abandoned))
        {
            var next = call.ResponseStream.Current;
            if (_session is null && next.SessionInfo is { } session)
            {
                _session = session;
                _begun.SetResult();
                Remember(session);
            }

            _proof.Observe(next);
            printer.Show(next);
        }
    }

    // Waits for Ctrl+C, ends the turn and leaves the reading to come to the end that it then has.
    private async Task StopAsync(CancellationTokenSource abandon, CancellationToken interrupted)
    {
        var pressed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var press = interrupted.Register(() => pressed.TrySetResult());
        await using var end = abandon.Token.Register(() => pressed.TrySetCanceled());
        try
        {
            await pressed.Task;
            abandon.CancelAfter(CancelPatience);
            await _begun.Task.WaitAsync(abandon.Token);
            await CancelAsync(abandon.Token);
        }
        catch (OperationCanceledException)
        {
            // The exchange is over.
        }
    }

    private async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            return;
        }

        try
        {
            await connection.Chat.CancelStreamAsync(
                new CancelStreamRequest { StreamId = _session.StreamId },
                deadline: (time.GetUtcNow() + CancelPatience).UtcDateTime,
                cancellationToken: cancellationToken);
        }
        catch (RpcException)
        {
            // Its answer would say no more than the stream's end, or that end's absence.
        }
    }

    private int Conclude(CancellationToken interrupted)
    {
        printer.EndLine();
        if (_proof.Flaw is { } flaw)
        {
            terminal.WriteError(flaw);
            return ExitCodes.DataLoss;
        }

        return interrupted.IsCancellationRequested && _proof.End?.State == StreamState.Cancelled
            ? ExitCodes.Interrupted
            : ExitCodes.Ok;
    }

    private int Report(RpcException failure)
    {
        printer.EndLine();
        foreach (var line in Failures.Describe(failure, connection.Server, answering: _session is not null))
        {
            terminal.WriteError(line);
        }

        return (int)failure.StatusCode;
    }

    private void Remember(SessionInfo session)
    {
        try
        {
            sessions.Save(connection.Server, session.SessionId);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            terminal.WriteNotice($"--continue will not know this session: {unwritable.Message}");
        }
    }
}
