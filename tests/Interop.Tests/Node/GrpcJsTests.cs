using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Node;

/// <summary>@grpc/grpc-js with @grpc/proto-loader.</summary>
public sealed class GrpcJsTests(GrpcJsTests.Fixture client) : ClientTests(client), IClassFixture<GrpcJsTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GrpcJs_EachCase_FindsWhatGrpcPromises(string name) => CheckAsync(name);

    public sealed class Fixture : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server) =>
            NodeDriver.StartAsync("grpc-js", server.Address);
    }
}
