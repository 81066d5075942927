using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Security;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>chat.v1.ChatService: starts turns and reads them to the caller.</summary>
internal sealed class ChatEndpoint(TurnRegistry turns) : ChatService.ChatServiceBase
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
            outcome.EndReading(ReaderStopped(context));
        }

        outcome.ThrowIfFailed();
    }

    public override async Task<ChatResponse> Chat(ChatRequest request, ServerCallContext context)
    {
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
            outcome.EndReading(ReaderStopped(context));
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
            var ended = await turns.CancelAsync(context.Caller().TenantId, request.StreamId, context.CancellationToken)
                ?? throw FailureStatus.Of(StreamNotFound);
            return new CancelStreamResponse { LastSequence = ended.LastSequence, State = ended.State };
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }
    }

    private static Failure StreamNotFound => new(Code.NotFound, "STREAM_NOT_FOUND", "There is no such stream.");

    // A client that is gone hears neither.
    private static Failure ReaderStopped(ServerCallContext call) => call.CancellationToken.IsCancellationRequested
        ? new Failure(Code.DeadlineExceeded, "DEADLINE_EXCEEDED", "The call's deadline passed before the answer's end.")
        : new Failure(Code.Unavailable, "READER_TOO_SLOW", "What the call had sent was not read.");

    private async IAsyncEnumerable<StreamChatResponse> RunAsync(
        Caller caller,
        StreamChatRequest request,
        TurnOutcome outcome,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequestRules.Check(request).ThrowIfFailed();
        var turn = await StartAsync(caller, request, cancellationToken);
        var reader = turns.OpenReader(turn);
        try
        {
            await foreach (var next in reader.ReadAllAsync(cancellationToken))
            {
                outcome.Observe(next);
                yield return next;
            }

            outcome.EndReading(reader.Failure);
        }
        finally
        {
            if (!outcome.HasEnded && request.OnDisconnect == OnDisconnect.Cancel)
            {
                turn.Stop.TryStop(StopCause.ClientGone);
            }
        }
    }

    private async Task<Turn> StartAsync(
        Caller caller, StreamChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var started = await turns.StartAsync(caller.TenantId, request, cancellationToken);
            return started.Turn ?? throw FailureStatus.Of(started.Failure!);
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
