using Grpc.AspNetCore.Server.Streams;
using Grpc.AspNetCore.Server.Validation;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Serves the calls of one method; the four kinds differ in how they read and write.</summary>
internal abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, CallServices services)
    where TRequest : class
    where TResponse : class
{
    private readonly TextCheck? _textCheck = TextCheck.For<TRequest>();

    /// <summary>Serves one call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (CallAdmission.Refuse(http.Request) is { } refusal)
        {
            await refusal.WriteAsync(http.Response);
            return;
        }

        LiftBodyLimits(http.Features);
        http.Response.ContentType = GrpcHeaders.ContentType;
        if (RequestHead.Read(http.Request.Headers, out var refused) is not { } head)
        {
            ServerLog.CallRefused(services.Log, method.FullName, refused.StatusCode, refused.Detail);
            http.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.Identity;
            CallTrailers.WriteAlone(http.Response, refused, Metadata.Empty);
            return;
        }

        await using var call = new ServerCall(http, method, head, services.Clock);
        call.Lifetime.Start(() => EndAtDeadline(call), () => CutOff(call));
        var ending = await RunAsync(call);
        if (call.Lifetime.TryFinish() || call.Lifetime.Reason != EndReason.DeadlineExceeded)
        {
            call.Response.End(ending);
        }

        await call.Response.Completed;
    }

    /// <summary>Reads what the method wants, runs it, and writes what it returns.</summary>
    protected abstract Task ServeAsync(ServerCall call, RequestMessages<TRequest> requests);

    /// <summary>Writes the only message of a response.</summary>
    protected Task RespondAsync(ServerCall call, TResponse? response)
    {
        if (response is null)
        {
            throw new InvalidOperationException($"{method.FullName} returned null instead of a message.");
        }

        // The trailers follow at once and carry the message along, so it needs no flush of its own.
        return call.Response.WriteAsync(
            response, method.ResponseMarshaller, WriteFlags.BufferHint, CancellationToken.None);
    }

    /// <summary>The stream a method writes its responses to.</summary>
    protected ResponseStream<TResponse> Responses(ServerCall call) => new(call, method.ResponseMarshaller);

    private static void LiftBodyLimits(IFeatureCollection features)
    {
        // Messages have a limit of their own, and a stream of them is as long and as slow as its client likes.
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task<CallEnding> RunAsync(ServerCall call)
    {
        try
        {
            await ServeAsync(call, new RequestMessages<TRequest>(
                call, method.RequestMarshaller, _textCheck, services.Options.MaxReceiveMessageSize));
            return new CallEnding(call.Status, call.ResponseTrailers);
        }
        catch (Exception exception)
        {
            return FailureMapper.Map(exception, call, services);
        }
    }

    private void EndAtDeadline(ServerCall call)
    {
        ServerLog.DeadlineExceeded(services.Log, method.FullName);
        call.Response.End(CallEnding.DeadlineExceeded);
    }

    private void CutOff(ServerCall call)
    {
        if (call.Response.TryReset())
        {
            ServerLog.EndNotTaken(services.Log, method.FullName);
        }
    }
}
