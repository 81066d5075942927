using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Tests.Server;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Service_OfEachCall_IsNewAndDisposed()
    {
        var lives = new Lives();
        await using var server = await TestServer.StartAsync(
            services: services => services.AddSingleton(lives), routes: app => app.MapGrpcService<Mortal>());

        await server.CallAsync(Mortal.Path, new LiveRequest());
        await server.CallAsync(Mortal.Path, new LiveRequest());

        Assert.Equal((2, 2), (lives.Births, lives.Deaths));
    }

    [Fact]
    public async Task Service_RegisteredByTheApplication_IsNotDisposedWithTheCall()
    {
        var lives = new Lives();
        await using var server = await TestServer.StartAsync(
            services: services => services.AddSingleton(lives).AddSingleton<Mortal>(),
            routes: app => app.MapGrpcService<Mortal>());

        await server.CallAsync(Mortal.Path, new LiveRequest());
        await server.CallAsync(Mortal.Path, new LiveRequest());

        Assert.Equal((1, 0), (lives.Births, lives.Deaths));
    }

    [Fact]
    public async Task Service_ThatCannotBeMade_IsInternal()
    {
        await using var server = await TestServer.StartAsync(routes: app => app.MapGrpcService<Mortal>());

        var answer = await server.CallAsync(Mortal.Path, new LiveRequest());

        server.TakeError();
        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Endpoints_OfAService_CarryTheMethodAndTheConventions()
    {
        EndpointDataSource? source = null;
        await using var server = await TestServer.StartAsync(routes: app =>
        {
            app.MapGrpcService<PlantingTreeService>().WithMetadata("by convention");
            source = app.Services.GetRequiredService<EndpointDataSource>();
        });

        var endpoint = Assert.Single(
            source!.Endpoints, e => e.Metadata.GetMetadata<string>() == "by convention");
        var method = endpoint.Metadata.GetRequiredMetadata<GrpcMethodMetadata>();
        Assert.Equal((typeof(PlantingTreeService), TestServer.Plant), (method.ServiceType, method.Method.FullName));
        Assert.Equal("gRPC - /grpctests.v1.TreeService/Plant", endpoint.DisplayName);
    }

    [Fact]
    public void MapGrpcService_WithoutAddGrpc_TellsWhatToDo()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<PlantingTreeService>());

        Assert.Contains("AddGrpc", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapGrpcService_OfAnotherClass_TellsWhatIsWrong()
    {
        await using var server = await TestServer.StartAsync(routes: app =>
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<Lives>());
            Assert.Contains("no gRPC service", thrown.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Options_WithANegativeLimit_StopTheStart()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestServer.StartAsync(grpc: options => options.MaxReceiveMessageSize = -1));
    }

    [Fact]
    public void Options_ByDefault_LimitMessagesTo4MiB() =>
        Assert.Equal(4_194_304, new GrpcServiceOptions().MaxReceiveMessageSize);

    internal sealed class Lives
    {
        public int Births { get; set; }

        public int Deaths { get; set; }
    }

    internal sealed class Mortal : LifeService.LifeServiceBase, IAsyncDisposable
    {
        public const string Path = "/grpctests.v1.LifeService/Live";

        private readonly Lives _lives;

        public Mortal(Lives lives)
        {
            _lives = lives;
            lives.Births++;
        }

        public override Task<LiveResponse> Live(LiveRequest request, ServerCallContext context) =>
            Task.FromResult(new LiveResponse());

        public ValueTask DisposeAsync()
        {
            _lives.Deaths++;
            return ValueTask.CompletedTask;
        }
    }
}
