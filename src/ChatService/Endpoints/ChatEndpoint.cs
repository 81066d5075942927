using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Security;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Google.Protobuf;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>chat.v1.ChatService: starts turns and reads them to the caller.</summary>
internal sealed class ChatEndpoint(
    TurnOpening opening, TurnReading reading, TurnCancelling cancelling, ResultTaking results, Admission admission)
    : ChatService.ChatServiceBase
{
    public override async Task StreamChat(
        StreamChatRequest request, IServerStreamWriter<StreamChatResponse> responseStream, ServerCallContext context)
    {
        var outcome = new TurnOutcome();
        try
        {
            await foreach (var next in RunAsync(context.Caller(), request, outcome, context.CancellationToken))
            {
                await responseStream.WriteAsync(next, context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            outcome.EndReading(StoppedCall.Of(context));
        }

        outcome.ThrowIfFailed();
    }

    public override async Task<ChatResponse> Chat(ChatRequest request, ServerCallContext context)
    {
        ToolRules.CheckUnary(request).ThrowIfFailed();
        var answer = new WholeAnswer();
        var outcome = new TurnOutcome();
        try
        {
            await foreach (var next in RunAsync(
                context.Caller(), Streamed(request), outcome, context.CancellationToken))
            {
                answer.Add(next);
            }
        }
        catch (OperationCanceledException)
        {
            outcome.EndReading(StoppedCall.Of(context));
        }

        outcome.ThrowIfFailed();
        return answer.Response;
    }

    public override async Task<CancelStreamResponse> CancelStream(
        CancelStreamRequest request, ServerCallContext context)
    {
        RequestRules.Check(request).ThrowIfFailed();
        try
        {
            var ended = await cancelling.CancelAsync(context.Caller().TenantId, request, context.CancellationToken)
                ?? throw FailureStatus.Of(ReadFailures.StreamNotFound);
            if (ended.IsOpen)
            {
                throw FailureStatus.Of(
                    ended.State is StreamState.Queued or StreamState.Waiting
                        ? TurnFailures.Stopping : TurnFailures.OwnerLost);
            }

            return new CancelStreamResponse
            {
                StreamId = ended.StreamId,
                LastSequence = ended.LastSequence,
                State = ended.State,
            };
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }
    }

    public override async Task<SubmitToolResultResponse> SubmitToolResult(
        SubmitToolResultRequest request, ServerCallContext context)
    {
        ToolRules.Check(request).ThrowIfFailed();
        try
        {
            var taken = await results.TakeAsync(
                context.Caller().TenantId, request.StreamId, ToolRules.ResultOf(request), context.CancellationToken);
            taken.Failure.ThrowIfFailed();
            return new SubmitToolResultResponse { State = taken.State };
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }
    }

    private async IAsyncEnumerable<StreamChatResponse> RunAsync(
        Caller caller,
        StreamChatRequest request,
        TurnOutcome outcome,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequestRules.Check(request).ThrowIfFailed();
        using var place = admission.TryEnter() ?? throw FailureStatus.Of(TurnFailures.Overloaded);
        var reader = await OpenAsync(caller, request, cancellationToken);
        try
        {
            await foreach (var next in reader.ReadAllAsync(cancellationToken))
            {
                yield return next;

                // Written by now: the status tells what the client can have.
                outcome.Observe(next);
            }

            outcome.EndReading(reader.Failure, reader.Error);
        }
        finally
        {
            // The reader went away; it was not sent away.
            if (!outcome.HasEnded && reader.Failure is null && request.OnDisconnect == OnDisconnect.Cancel)
            {
                cancelling.Abandon(caller.TenantId, reader.StreamId);
            }
        }
    }

    private async Task<TurnReader> OpenAsync(
        Caller caller, StreamChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var opened = request.Resume is { } resume
                ? await reading.ResumeAsync(caller.TenantId, resume, request.Pacing, cancellationToken)
                : await opening.StartAsync(caller.TenantId, request, cancellationToken);
            return opened.Reader ?? throw FailureStatus.Of(opened.Failure!);
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }
    }

    // The two requests have the same fields under the same numbers; a test holds them to it.
    private static StreamChatRequest Streamed(ChatRequest request) =>
        StreamChatRequest.Parser.ParseFrom(request.ToByteString());
}
