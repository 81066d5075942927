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
        if (CallAdmission.Refuse(http.Request, out var mode) is { } refusal)
        {
            await refusal.WriteAsync(http.Response);
            return;
        }

        // Routing takes no notice of case, nor of a slash at the end.
        if (http.Request.Path.Value != method.FullName)
        {
            var unknown = ProtocolError.Of(
                StatusCode.Unimplemented, "METHOD_UNKNOWN", $"The method is called {method.FullName}.");
            http.EndGrpcCall(unknown.Status, unknown.Trailers);
            return;
        }

        LiftBodyLimits(http.Features);
        RequestHead head;
        try
        {
            head = RequestHead.Read(http.Request.Headers);
        }
        catch (RpcException refused)
        {
            ServerLog.CallRefused(services.Log, method.FullName, refused.StatusCode, refused.Status.Detail);
            http.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.AcceptedEncodings;
            http.EndGrpcCall(refused.Status, refused.Trailers);
            return;
        }

        http.Response.ContentType = mode.ContentType();
        if (mode != WireMode.Grpc)
        {
            // To nginx and its kin a gRPC-Web stream looks like any download, which they would hold back.
            http.Response.Headers["X-Accel-Buffering"] = "no";
        }

        await using var call = new ServerCall(http, mode, method, head, services.Clock);
        call.Lifetime.Start(() => EndAtDeadline(call), call.Response.CutOff);
        var ending = await RunAsync(call);
        call.Response.End(call.Lifetime.TryFinish() ? ending : Stopped(ending, call.Lifetime.Reason));
        await call.Response.Completed;
        if (call.Response.WasCutOff)
        {
            ServerLog.EndNotTaken(services.Log, method.FullName);
        }
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

        if (services.Options.ResponseCompressionAlgorithm is not null && call.AcceptsGzip)
        {
            call.Response.Compress();
        }

        // The trailers follow at once and carry the message along, so it needs no flush of its own.
        return call.Response.WriteAsync(
            response, method.ResponseMarshaller, WriteFlags.BufferHint, CancellationToken.None);
    }

    /// <summary>The stream a method writes its responses to.</summary>
    protected ResponseStream<TResponse> Responses(ServerCall call) => new(call, method.ResponseMarshaller);

    // What a handler says after the end is its own, as long as it does not contradict the reason.
    private static CallEnding Stopped(CallEnding ending, EndReason reason)
    {
        var told = reason switch
        {
            EndReason.DeadlineExceeded => CallEnding.DeadlineExceeded,
            EndReason.ReaderTooSlow => CallEnding.ReaderTooSlow,
            _ => CallEnding.Cancelled,
        };
        return ending.Status.StatusCode == told.Status.StatusCode ? ending : told;
    }

    private void LiftBodyLimits(IFeatureCollection features)
    {
        // Messages have a limit of their own.
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // A stream of them is as slow as its client likes; a single one that does not come holds memory for nobody.
        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
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
}
