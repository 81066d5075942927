using Grpc.Core;
using Grpc.Net.Client.Calls;
using Grpc.Net.Client.Requests;

namespace Grpc.Net.Client;

/// <summary>Starts calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, request);
        var response = new ResponseStream<TResponse>(call, method.ResponseMarshaller).SingleAsync();
        GrpcCall.ObserveFailure(response);
        return new AsyncUnaryCall<TResponse>(
            response, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, request);
        var responses = new ResponseStream<TResponse>(call, method.ResponseMarshaller);
        return new AsyncServerStreamingCall<TResponse>(
            responses, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Create(method, options);
        var body = call.Start(method, host, options);
        var response = new ResponseStream<TResponse>(call, method.ResponseMarshaller).SingleAsync();
        GrpcCall.ObserveFailure(response);
        var requests = new RequestStream<TRequest>(
            call, body, method.RequestMarshaller, channel.MaxSendMessageBytes, response);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, response, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException(
            $"{method.FullName} has a stream each way; this client makes calls with one at most.");

    private GrpcCall Start<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var call = Create(method, options);
        call.Start(method, host, options, () => RequestFactory.Content(channel, request, method.RequestMarshaller));
        return call;
    }

    private GrpcCall Create(IMethod method, CallOptions options)
    {
        ObjectDisposedException.ThrowIf(channel.Disposal.IsCancellationRequested, channel);
        return new GrpcCall(channel, method.Type, options);
    }
}
