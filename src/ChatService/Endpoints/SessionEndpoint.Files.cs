using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Google.Protobuf;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>Sessions as a whole: copied, written to a file, made of one.</summary>
internal sealed partial class SessionEndpoint
{
    public override Task<ForkSessionResponse> ForkSession(ForkSessionRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            using var place = admission.TryHold(SessionFile.MaxBytes)
                ?? throw FailureStatus.Of(TurnFailures.Overloaded);
            var (copy, failure) = await fork.RunAsync(tenant, request, cancellationToken);
            failure.ThrowIfFailed();
            return new ForkSessionResponse { Session = SessionAnswers.Of(copy!) };
        });

    public override async Task ExportSession(
        ExportSessionRequest request, IServerStreamWriter<ExportSessionResponse> responseStream,
        ServerCallContext context)
    {
        SessionRules.Check(request).ThrowIfFailed();
        using var place = admission.TryEnter() ?? throw FailureStatus.Of(TurnFailures.Overloaded);
        var export = new SessionExport(store);
        try
        {
            var cancellationToken = context.CancellationToken;
            (await export.OpenAsync(context.Caller().TenantId, request, cancellationToken)).ThrowIfFailed();
            await foreach (var piece in export.ReadAllAsync(request.Format, cancellationToken))
            {
                var response = new ExportSessionResponse { Data = UnsafeByteOperations.UnsafeWrap(piece) };
                await responseStream.WriteAsync(response, cancellationToken);
            }
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }

        export.Failure.ThrowIfFailed();
    }

    public override Task<ImportSessionResponse> ImportSession(
        IAsyncStreamReader<ImportSessionRequest> requestStream, ServerCallContext context) =>
        AnswerAsync(null, context, async (tenant, cancellationToken) =>
        {
            using var upload = new SessionUpload(admission, time);
            var sessionId = default(string);
            while (true)
            {
                var (hasNext, stalled) = await upload.MoveNextAsync(requestStream.MoveNext, cancellationToken);
                stalled.ThrowIfFailed();
                if (!hasNext)
                {
                    break;
                }

                var piece = requestStream.Current;
                SessionRules.Check(piece, sessionId).ThrowIfFailed();
                sessionId ??= piece.SessionId;
                upload.TryAdd(piece.Data).ThrowIfFailed();
            }

            var (session, failure) = await import.RunAsync(
                tenant, sessionId ?? "", upload.TakeAll(), cancellationToken);
            failure.ThrowIfFailed();
            return new ImportSessionResponse
            {
                Session = SessionAnswers.Of(session!),
                MessageCount = session!.Messages.Count,
            };
        });
}
