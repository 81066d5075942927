using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Server;

public sealed class InterceptorTests
{
    private readonly List<string> _steps = [];

    [Theory]
    [InlineData(TestServer.Say)]
    [InlineData(TestServer.Sum)]
    [InlineData(TestServer.Count)]
    [InlineData(TestServer.Chat)]
    public async Task Interceptors_AroundEachKind_RunInOrderWithAnInstanceACall(string method)
    {
        await using var server = await StartAsync();

        for (var call = 0; call < 2; call++)
        {
            _steps.Clear();
            var answer = await server.CallAsync(method, []);
            answer = answer.Status == StatusCode.Unimplemented
                ? await server.CallAsync(method, new SayRequest())
                : answer;

            Assert.Equal(StatusCode.OK, answer.Status);
            Assert.Equal(["new outer", "> outer", "new inner", "> inner", "< inner", "< outer"], _steps);
        }
    }

    [Fact]
    public async Task Interceptor_ThatThrows_ChoosesTheStatus()
    {
        await using var server = await TestServer.StartAsync(grpc: options => options.Interceptors.Add<Refusing>());

        var answer = await server.CallAsync(TestServer.Say, new SayRequest());

        answer.AssertEnded(StatusCode.Unauthenticated, trailersOnly: true);
        Assert.Equal("who are you", answer.Detail);
    }

    [Fact]
    public async Task Interceptor_RegisteredAsAService_IsTheSharedInstance()
    {
        var shared = new Counting();
        await using var server = await TestServer.StartAsync(
            grpc: options => options.Interceptors.Add<Counting>(),
            services: services => services.AddSingleton(shared));

        await server.CallAsync(TestServer.Say, new SayRequest());
        await server.CallAsync(TestServer.Say, new SayRequest());

        Assert.Equal((2, 0), (shared.Calls, shared.Disposals));
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(
        grpc: options =>
        {
            options.Interceptors.Add<Tracing>("outer");
            options.Interceptors.Add<Tracing>("inner");
        },
        services: services => services.AddSingleton(_steps));

    private sealed class Tracing : Interceptor
    {
        private readonly string _name;
        private readonly List<string> _steps;

        public Tracing(string name, List<string> steps)
        {
            _name = name;
            _steps = steps;
            steps.Add($"new {name}");
        }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(() => continuation(request, context));

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(() => continuation(requestStream, context));

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(async () =>
            {
                await continuation(request, responseStream, context);
                return true;
            });

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(async () =>
            {
                await continuation(requestStream, responseStream, context);
                return true;
            });

        private async Task<T> TraceAsync<T>(Func<Task<T>> step)
        {
            _steps.Add($"> {_name}");
            var result = await step();
            _steps.Add($"< {_name}");
            return result;
        }
    }

    private sealed class Refusing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you"));
    }

    private sealed class Counting : Interceptor, IDisposable
    {
        public int Calls { get; private set; }

        public int Disposals { get; private set; }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Calls++;
            return continuation(request, context);
        }

        public void Dispose() => Disposals++;
    }
}
