namespace ChatGrpc.Tests.Tools.Mcp;

/// <summary>Servers that answer the question for their tools with what the protocol does not allow.</summary>
public sealed class BadListTests
{
    private const string Good = """{"name":"good","inputSchema":{"type":"object"}}""";

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{}")]
    public async Task OfferAsync_ListThatIsNone_IsNoTools(string list)
    {
        await using var scene = ServerScene.Ours("--tools", list);

        var offer = await scene.OfferAsync("ours_good");

        Assert.Empty(offer.Tools);
        Assert.Equal("TOOL_NOT_FOUND", Assert.Single(offer.Warnings).Code);
    }

    [Theory]
    [InlineData("""{"name":"bad","inputSchema":{}}""", "bad")]
    [InlineData("""{"name":"bad","inputSchema":null}""", "bad")]
    [InlineData("""{"name":"bad","inputSchema":{"type":"string"}}""", "bad")]
    [InlineData("""{"name":"bad","description":7}""", "bad")]
    [InlineData("""{"name":"a","name":"b"}""", "")]
    [InlineData("""{"name":null}""", "")]
    [InlineData("null", "")]
    public async Task OfferAsync_ToolThatCannotBeRead_IsLeftOutAlone(string bad, string name)
    {
        await using var scene = ServerScene.Ours("--tools", $"[{bad},{Good}]");

        var offer = await scene.OfferAsync("ours_*");

        Assert.Equal(["ours_good"], offer.Tools.Select(tool => tool.Name));
        Assert.Empty(offer.Warnings);
        Assert.Contains(scene.Log.Entries, entry => entry.Text.Contains($"has a tool {name} that is left out"));
    }
}
