using Chat.V1;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Tools.Mcp;

public sealed class ToolListTests
{
    [Fact]
    public async Task OfferAsync_ListOfSeveralPages_IsWhole()
    {
        await using var scene = ServerScene.Ours();

        var offer = await scene.OfferAsync("ours_*");

        // Twenty, of which one has another's name.
        Assert.Equal(19, offer.Tools.Count);
        Assert.Empty(offer.Warnings);
        Assert.Contains(scene.Log.Entries, entry => entry.Text.Contains("has a tool echo that is left out"));
        Assert.All(offer.Tools, tool => Assert.Equal((ToolKind.Mcp, "ours"), (tool.Kind, tool.Server)));
        Assert.All(offer.Tools, tool => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", tool.Name));
    }

    [Fact]
    public async Task OfferAsync_OddNames_AreMadeUsableAndToldApart()
    {
        await using var scene = ServerScene.Ours();

        var tools = (await scene.OfferAsync("ours_odd*", "ours_long_*")).Tools;

        Assert.Equal("ours_odd_n_me", tools[0].Name);
        Assert.Matches("^ours_odd_n_me_[0-9a-f]{6}$", tools[1].Name);
        Assert.Matches("^ours_long_x{47}_[0-9a-f]{6}$", tools[2].Name);
        Assert.Equal("called odd.näme", (await scene.ResultAsync(tools[1].Name)).Text);
    }

    [Fact]
    public async Task OfferAsync_HiddenCharactersAndLongWords_AreTakenOut()
    {
        await using var scene = ServerScene.Ours();

        var tool = Assert.Single((await scene.OfferAsync("ours_odd_n_me")).Tools);

        Assert.Equal("Odd name", tool.Title);
        Assert.StartsWith("Says nothing.\nxxx", tool.Function.Description, StringComparison.Ordinal);
        Assert.Equal(10_000, tool.Function.Description.Length);
    }

    [Fact]
    public async Task OfferAsync_ServerSaysThatItsListChanged_IsAskedAnew()
    {
        await using var scene = ServerScene.Ours();
        Assert.DoesNotContain((await scene.OfferAsync("ours_*")).Tools, tool => tool.Name == "ours_grown_20");

        _ = await scene.ResultAsync("ours_grow");

        // The news travels beside the result.
        var tries = 0;
        while ((await scene.OfferAsync("ours_grown_*")).Tools.Count == 0 && tries++ < 1_000)
        {
        }

        Assert.Equal("called grown_20", (await scene.ResultAsync("ours_grown_20")).Text);
    }

    [Fact]
    public async Task OfferAsync_ToolsOfTheSettings_AreTheOnlyOnes()
    {
        await using var scene = new ServerScene(servers =>
        {
            servers["ours"] = ServerScene.OursWith();
            servers["ours"].Tools.AddRange(["echo", "ref*"]);
        });

        var offer = await scene.OfferAsync("*");

        Assert.Equal(["time", "ours_echo", "ours_refuse"], offer.Tools.Select(tool => tool.Name));
    }

    [Fact]
    public async Task OfferAsync_ToolThatTheServerDoesNotHave_IsAWarning()
    {
        await using var scene = ServerScene.Ours();

        var offer = await scene.OfferAsync("time", "ours_ekko", "ours_xyz*");

        Assert.Equal(["time"], offer.Tools.Select(tool => tool.Name));
        var warning = Assert.Single(offer.Warnings);
        Assert.Equal(
            ("TOOL_NOT_FOUND", "The server ours has no tool ours_ekko. Did you mean ours_echo?"),
            (warning.Code, warning.Message));
    }

    [Theory]
    [InlineData("ours_*", "ours_mine", false)]
    [InlineData("*", "ours_mine", false)]
    [InlineData("*", "mine", true)]
    [InlineData("ours_echo", "ours_mine", true)]
    public async Task Check_ClientToolThatCouldBeAServers_IsInvalid(string name, string clientTool, bool isFine)
    {
        await using var scene = ServerScene.Ours();

        var failure = scene.Catalogue.Check(new ToolSelection
        {
            Names = { name },
            ClientTools = { new ClientTool { Name = clientTool } },
        });

        Assert.Equal(isFine, failure is null);
    }

    [Fact]
    public async Task OfferAsync_OtherToolsOnly_StartsNoServer()
    {
        await using var scene = ServerScene.Ours();

        _ = await scene.OfferAsync("time");

        Assert.DoesNotContain(scene.Log.Entries, entry => entry.Text.Contains("The tool server"));
    }

    [Fact]
    public async Task ListAsync_Servers_AreToldWithTheirTools()
    {
        await using var scene = new ServerScene(servers =>
        {
            servers["ours"] = ServerScene.OursWith();
            servers["absent"] = ServerScene.Program(["/nowhere/no-such-program"]);
        });

        var (tools, servers) = await scene.Catalogue.ListAsync(default).InTime();

        Assert.Equal(20, tools.Count);
        Assert.Equal(["absent It does not start.", "ours "], servers.Select(s => $"{s.Server} {s.WhyAway}"));
    }
}
