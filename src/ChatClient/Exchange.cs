using Chat.V1;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Streams;
using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>One question and its answer, or one answer that is read again.</summary>
/// <param name="outage">How long a lost service is waited for.</param>
/// <param name="memory">Keeps the ids of the session and the stream.</param>
internal sealed class Exchange(
    ChatConnection connection,
    Terminal terminal,
    AnswerPrinter printer,
    Outage outage,
    Memory memory,
    TimeProvider time)
{
    private readonly StreamProof _proof = new();
    private SessionInfo? _session;
    private CancelStreamResponse? _stopped;

    /// <param name="interrupted">Ctrl+C: the turn is ended, and what there is of it read to its end.</param>
    public async Task<Outcome> RunAsync(StreamChatRequest request, CancellationToken interrupted)
    {
        using var abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var stop = StopAsync(request, abandon, interrupted);
        int exitCode;
        try
        {
            exitCode = await AnswerAsync(request, abandon, interrupted);
        }
        catch (IOException unwritable)
        {
            // Nobody reads the answer: it is not worth finishing.
            exitCode = Failures.OfOutput(unwritable, terminal);
            abandon.CancelAfter(TurnStop.Patience);
            await ConfirmStopAsync(request, abandon.Token);
        }
        finally
        {
            await abandon.CancelAsync();
            await stop;
        }

        var interruptedStream = _proof.End?.State == StreamState.Interrupted ? _session?.StreamId : null;
        return new Outcome(exitCode, _session?.SessionId ?? "", interruptedStream ?? "", printer.Answer);
    }

    private async Task<int> AnswerAsync(
        StreamChatRequest request, CancellationTokenSource abandon, CancellationToken interrupted)
    {
        try
        {
            await ReadAsync(request, abandon.Token);
            return Conclude(interrupted);
        }
        catch (Exception cut) when (abandon.IsCancellationRequested
            && cut is RpcException or OperationCanceledException)
        {
            return Abandon(request);
        }
        catch (RpcException failure)
        {
            return Report(failure);
        }
    }

    private async Task ReadAsync(StreamChatRequest request, CancellationToken abandoned)
    {
        await foreach (var update in new TurnReader(connection.Chat, outage).ReadAsync(request, abandoned))
        {
            switch (update)
            {
                case TurnUpdate.Told { Event: var next }:
                    Begin(next.SessionInfo);
                    _proof.Observe(next);
                    printer.Show(next);
                    break;
                case TurnUpdate.Withdrawn { AfterSequence: var sequence }:
                    _proof.Withdraw(sequence);
                    printer.Withdraw(sequence);
                    break;
                case TurnUpdate.Lost { Failure: var failure }:
                    printer.ShowNotice(Failures.Waiting(
                        failure, connection.Server, outage.Patience, answering: _session is not null));
                    break;
            }
        }
    }

    private void Begin(SessionInfo? session)
    {
        if (session is not null && _session is null)
        {
            _session = session;
            memory.Keep(connection.Server, session, terminal);
        }
    }

    // Waits for Ctrl+C, ends the turn and leaves the reading to come to the end that it then has.
    private async Task StopAsync(
        StreamChatRequest request, CancellationTokenSource abandon, CancellationToken interrupted)
    {
        var pressed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var press = interrupted.Register(() => pressed.TrySetResult());
        await using var end = abandon.Token.Register(() => pressed.TrySetCanceled());
        try
        {
            await pressed.Task;
            abandon.CancelAfter(TurnStop.Patience);
            await ConfirmStopAsync(request, abandon.Token);
        }
        catch (OperationCanceledException)
        {
            // The exchange is over.
        }
    }

    private async Task ConfirmStopAsync(StreamChatRequest request, CancellationToken abandoned)
    {
        try
        {
            _stopped = await new TurnStop(connection.Chat, time).ConfirmAsync(() => Turn(request), abandoned);
        }
        catch (OperationCanceledException)
        {
            // Its answer would say no more than the stream's end, or that end's absence.
        }
    }

    // By the id of the request it can be ended before the service has said anything of it.
    private CancelStreamRequest Turn(StreamChatRequest request) =>
        _session is { } session ? new() { StreamId = session.StreamId }
        : request.Resume is { } resume ? new() { StreamId = resume.StreamId }
        : new() { ClientRequestId = request.ClientRequestId };

    private int Abandon(StreamChatRequest request)
    {
        printer.EndLine();
        if (_stopped is not null)
        {
            terminal.WriteNotice("Stopped; what there is of the answer is saved.");
            return ExitCodes.Interrupted;
        }

        var turn = Turn(request);
        terminal.WriteError("The service did not confirm that it stopped.");
        terminal.WriteNotice(turn.HasStreamId
            ? $"Once it is there again: chat cancel {turn.StreamId}"
            : $"Once it is there again: chat cancel --request {turn.ClientRequestId}");
        return ExitCodes.Interrupted;
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
            : printer.IsContradicted && !terminal.OutIsTerminal ? ExitCodes.Withdrawn
            : ExitCodes.Ok;
    }

    private int Report(RpcException failure)
    {
        printer.EndLine();
        foreach (var line in Failures.Describe(failure, connection.Server, answering: _session is not null))
        {
            terminal.WriteError(line);
        }

        if (_session is { } session && _proof.End is null && Drops.IsDrop(failure, begun: true))
        {
            terminal.WriteNotice($"Once the service is there again: chat resume {session.StreamId}");
        }

        return (int)failure.StatusCode;
    }
}
