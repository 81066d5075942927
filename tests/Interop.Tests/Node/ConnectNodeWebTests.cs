using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Node;

/// <summary>@connectrpc/connect-node over gRPC-Web and HTTP/1.1.</summary>
public sealed class ConnectNodeWebTests(ConnectNodeWebTests.Fixture client)
    : ClientTests(client), IClassFixture<ConnectNodeWebTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut(
        ("100 streams on a connection", "HTTP/1.1 has one call at a time on a connection."));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task ConnectNodeWeb_EachCase_FindsWhatGrpcWebPromises(string name) => CheckAsync(name);

    public sealed class Fixture : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server) =>
            NodeDriver.StartAsync("connect-grpc-web-http1", server.Address);
    }
}
