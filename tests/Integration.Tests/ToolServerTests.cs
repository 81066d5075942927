using System.Diagnostics;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Tools;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>The service with MCP servers, which are programs of their own.</summary>
public sealed class ToolServerTests
{
    [Fact]
    public async Task ListTools_BuiltInAndServers_AreTold()
    {
        await using var deployment = await Deployment.StartAsync(
            [.. Server("ours"), "Chat:Tools:Servers:absent:Command=/nowhere/program", "Chat:Tools:Offered:0=ours_e*"]);

        var listed = await deployment.Tools().ListToolsAsync(new ListToolsRequest());

        Assert.Equal(["calculator", "document", "time"], listed.Tools.Take(3).Select(tool => tool.Name));
        var echo = listed.Tools.Single(tool => tool.Name == "ours_echo");
        Assert.Equal(
            (ToolKind.Mcp, "ours", "The tool echo.", true),
            (echo.Kind, echo.Server, echo.Description, echo.OfferedByDefault));
        Assert.Equal("""{"type":"object"}""", echo.ParametersJsonSchema);
        var time = listed.Tools.Single(tool => tool.Name == "time");
        Assert.Equal((ToolKind.Server, "", "Time", false), (time.Kind, time.Server, time.Title, time.OfferedByDefault));
        Assert.Equal(
            ["absent Unavailable It does not start.", "ours Available "],
            listed.Servers.Select(server => $"{server.Name} {server.State} {server.UnavailableReason}"));
    }

    [Fact]
    public async Task ListTools_WithoutAKey_IsUnauthenticatedAndStartsNothing()
    {
        await using var deployment = await Deployment.StartAsync([.. Server("ours"), new TestKey("good").Setting]);

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => deployment.Tools().ListToolsAsync(new ListToolsRequest()).ResponseAsync.InTime());

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.DoesNotContain("The tool server ours", deployment.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Servers_ServiceEndsOrIsKilled_EndWithIt(bool isKilled)
    {
        await using var deployment = await Deployment.StartAsync([.. Server("ours")]);
        _ = await deployment.Tools().ListToolsAsync(new ListToolsRequest());
        using var server = Process.GetProcessById(await ChildOfAsync(deployment.Process.Id));

        await (isKilled ? deployment.Process.KillAsync() : deployment.Process.StopAsync());

        await server.WaitForExitAsync().InTime();
    }

    private static IEnumerable<string> Server(string name)
    {
        var section = $"Chat:Tools:Servers:{name}";
        yield return $"{section}:Command={ToolPrograms.Ours[0]}";
        foreach (var (i, argument) in ToolPrograms.Ours[1..].Index())
        {
            yield return $"{section}:Arguments:{i}={argument}";
        }
    }

    private static async Task<int> ChildOfAsync(int processId)
    {
        using var search = Process.Start(
            new ProcessStartInfo("pgrep", ["-P", $"{processId}"]) { RedirectStandardOutput = true })!;
        return int.Parse(await search.StandardOutput.ReadLineAsync().InTime() ?? "no child");
    }
}
