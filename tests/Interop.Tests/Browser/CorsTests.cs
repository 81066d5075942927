using System.Text.Json.Nodes;
using Interop.Tests.Server;

namespace Interop.Tests.Browser;

/// <summary>What keeps foreign pages out, and what the tests of this folder would not notice if it were gone.</summary>
public sealed class CorsTests(Chromium chromium)
{
    [Theory]
    [InlineData("connect-web")]
    [InlineData("grpc-web-binary")]
    [InlineData("grpc-web-text")]
    public async Task Call_FromAnOriginThatIsNotAllowed_NeverReachesTheService(string client)
    {
        await using var server = await InteropServer.StartAsync();
        await using var page = await BrowserDriver.OpenAsync(chromium, client, server.Address);

        var found = await page.AskAsync("script", JsonNode.Parse("""{"request": {"callId": "foreign"}}""")!);

        Assert.NotEqual("OK", (string?)found["code"]);
        Assert.False(server.Calls.Has("foreign"));
    }

    [Fact]
    public async Task Call_FromAnAllowedOrigin_ReachesTheService()
    {
        await using var server = await InteropServer.StartAsync();
        server.Allow(chromium.Origin);
        await using var page = await BrowserDriver.OpenAsync(chromium, "connect-web", server.Address);

        var found = await page.AskAsync("script", JsonNode.Parse("""{"request": {"callId": "foreign"}}""")!);

        Assert.Equal("OK", (string?)found["code"]);
        Assert.True(server.Calls.Has("foreign"));
    }
}
