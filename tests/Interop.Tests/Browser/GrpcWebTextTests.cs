using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Browser;

/// <summary>grpc-web in its text mode in Chromium, from a page of another origin.</summary>
public sealed class GrpcWebTextTests(GrpcWebTextTests.Fixture client)
    : ClientTests(client), IClassFixture<GrpcWebTextTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut(
        ("100 streams on a connection", "HTTP/1.1 has a call a connection, and a browser six connections."),
        ("doubled binary metadata", "The library keeps the last of several trailers of one name."),
        ("headers before the first message", "The library tells the headers when the call has ended."));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GrpcWebText_EachCase_FindsWhatGrpcWebPromises(string name) => CheckAsync(name);

    public sealed class Fixture(Chromium chromium) : Connected
    {
        private protected override Task<IClientDriver> ConnectAsync(InteropServer server)
        {
            server.Allow(chromium.Origin);
            return BrowserDriver.OpenAsync(chromium, "grpc-web-text", server.Address);
        }
    }
}
