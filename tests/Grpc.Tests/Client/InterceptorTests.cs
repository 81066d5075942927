using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Tests.V1;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Intercept_OfEachKindOfCall_SeesItAndMayChangeItsOptions()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            var mark = context.Request.Headers["x-mark"].ToString();
            await context.SendAsync(context.Request.Path.Value!.EndsWith("/Say", StringComparison.Ordinal)
                ? SayFrame(mark)
                : Frame(new CountResponse { Text = mark }));
            context.End(0);
        });
        var client = new EchoService.EchoServiceClient(
            server.Channel.Intercept(new MarkInterceptor("inner")).Intercept(new MarkInterceptor("outer")));

        var unary = await client.SayAsync(new SayRequest()).ResponseAsync.Soon();
        var blocking = await Task.Run(() => client.Say(new SayRequest())).Soon();
        using var call = client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        Assert.Equal("outer, inner", unary.Text);
        Assert.Equal("outer, inner", blocking.Text);
        Assert.Equal("outer, inner", call.ResponseStream.Current.Text);
    }

    private sealed class MarkInterceptor(string mark) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Mark(context));

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Mark(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Mark(context));

        private ClientInterceptorContext<TRequest, TResponse> Mark<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            var headers = new Metadata();
            foreach (var entry in context.Options.Headers ?? Metadata.Empty)
            {
                headers.Add(entry);
            }

            headers.Add("x-mark", mark);
            return new(context.Method, context.Host, context.Options.WithHeaders(headers));
        }
    }
}
