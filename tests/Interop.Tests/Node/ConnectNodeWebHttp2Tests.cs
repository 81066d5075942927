using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Node;

/// <summary>@connectrpc/connect-node over gRPC-Web and HTTP/2.</summary>
public sealed class ConnectNodeWebHttp2Tests(ConnectNodeWebHttp2Tests.Fixture client)
    : ClientTests(client), IClassFixture<ConnectNodeWebHttp2Tests.Fixture>
{
    public static TheoryData<string> Cases => AllBut();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task ConnectNodeWebHttp2_EachCase_FindsWhatGrpcWebPromises(string name) => CheckAsync(name);

    public sealed class Fixture : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server) =>
            NodeDriver.StartAsync("connect-grpc-web-http2", server.Address);
    }
}
