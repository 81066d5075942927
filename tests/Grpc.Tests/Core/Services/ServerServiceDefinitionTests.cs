using Grpc.Core;
using Grpc.Tests.V1;
using Xunit;

namespace Grpc.Tests.Core.Services;

public sealed class ServerServiceDefinitionTests
{
    [Fact]
    public void BindService_OfAGeneratedService_HandsOverAllMethodsInOrder()
    {
        var binder = new RecordingBinder();

        EchoService.BindService(new Echo()).BindService(binder);

        Assert.Equal(
            [
                "Unary /grpctests.v1.EchoService/Say",
                "ServerStreaming /grpctests.v1.EchoService/Count",
                "ClientStreaming /grpctests.v1.EchoService/Sum",
                "DuplexStreaming /grpctests.v1.EchoService/Chat",
            ],
            binder.Methods);
    }

    [Fact]
    public void AddMethod_OfADuplicate_Throws()
    {
        var method = new Method<string, string>(
            MethodType.Unary, "s", "m", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        UnaryServerMethod<string, string> handler = (request, _) => Task.FromResult(request);
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler);

        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, handler));
    }

    [Fact]
    public async Task GeneratedMethod_NotOverridden_IsUnimplemented()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => new Echo().Say(new SayRequest(), null!));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    private sealed class Echo : EchoService.EchoServiceBase
    {
    }

    private sealed class RecordingBinder : ServiceBinderBase
    {
        public List<string> Methods { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Record(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            Record(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            Record(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            Record(method);

        private void Record(IMethod method) => Methods.Add($"{method.Type} {method.FullName}");
    }
}
