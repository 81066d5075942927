using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Browser;

/// <summary>@connectrpc/connect-web in Chromium, from a page of another origin.</summary>
public sealed class ConnectWebTests(ConnectWebTests.Fixture client)
    : ClientTests(client), IClassFixture<ConnectWebTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut(
        ("100 streams on a connection", "HTTP/1.1 has a call a connection, and a browser six connections."));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task ConnectWeb_EachCase_FindsWhatGrpcWebPromises(string name) => CheckAsync(name);

    public sealed class Fixture(Chromium chromium) : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server)
        {
            server.Allow(chromium.Origin);
            return BrowserDriver.OpenAsync(chromium, "connect-web", server.Address);
        }
    }
}
