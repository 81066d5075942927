using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Node;

/// <summary>@connectrpc/connect-node over gRPC.</summary>
public sealed class ConnectNodeTests(ConnectNodeTests.Fixture client)
    : ClientTests(client), IClassFixture<ConnectNodeTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task ConnectNode_EachCase_FindsWhatGrpcPromises(string name) => CheckAsync(name);

    public sealed class Fixture : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server) =>
            NodeDriver.StartAsync("connect-grpc", server.Address);
    }
}
