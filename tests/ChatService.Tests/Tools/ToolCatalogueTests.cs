using Chat.V1;
using ChatGrpc.Tools;
using Google.Rpc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Tools;

public sealed class ToolCatalogueTests
{
    private readonly ToolCatalogue _catalogue = new(
        [
            RoundScene.Entry(Function.Returning("calculator", "")),
            RoundScene.Entry(Function.Returning("time", "")),
            RoundScene.Entry(Function.Returning("time_zone", "")),
        ],
        new ToolServers(new ToolOptions(), TimeProvider.System, NullLogger<ToolServers>.Instance),
        Options.Create(new ToolOptions { Offered = { "time*" } }));

    [Theory]
    [InlineData("time", "time")]
    [InlineData("time*", "time time_zone")]
    [InlineData("time_zone time*", "time_zone time")]
    [InlineData("*", "calculator time time_zone")]
    [InlineData("", "")]
    public async Task OfferAsync_Names_AreResolvedOnce(string names, string offered)
    {
        var selection = new ToolSelection { Names = { names.Split(' ', StringSplitOptions.RemoveEmptyEntries) } };

        Assert.Null(_catalogue.Check(selection));
        var offer = await _catalogue.OfferAsync(selection, default);

        Assert.Equal(offered, string.Join(' ', offer.Tools.Select(tool => tool.Name)));
        Assert.Empty(offer.Warnings);
    }

    [Fact]
    public async Task OfferAsync_NothingSaid_OffersWhatTheSettingsSay()
    {
        Assert.Null(_catalogue.Check(null));
        var offer = await _catalogue.OfferAsync(null, default);

        Assert.Equal(["time", "time_zone"], offer.Tools.Select(tool => tool.Name));
    }

    [Theory]
    [InlineData("tme", "There is no tool tme. Did you mean time?")]
    [InlineData("xyz*", "There is no tool xyz*.")]
    public void Check_UnknownName_IsNotFound(string name, string message)
    {
        var failure = _catalogue.Check(new ToolSelection { Names = { "time", name } });

        Assert.Equal((Code.NotFound, "TOOL_NOT_FOUND", message), (failure!.Code, failure.Reason, failure.Message));
    }

    [Theory]
    [InlineData("", "mine mine", "names mine twice")]
    [InlineData("time", "time", "names time, which is a tool of tools.names already")]
    [InlineData("time*", "time_zone", "names time_zone, which is a tool of tools.names already")]
    public void Check_ClientToolWithATakenName_IsInvalid(string names, string clientTools, string rule)
    {
        var failure = _catalogue.Check(Selection(names, clientTools));

        Assert.Equal(Code.InvalidArgument, failure!.Code);
        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time", "calculator")]
    [InlineData("*", "mine")]
    public void Check_ClientToolWithANameOfItsOwn_IsFine(string names, string clientTools) =>
        Assert.Null(_catalogue.Check(Selection(names, clientTools)));

    private static ToolSelection Selection(string names, string clientTools) => new()
    {
        Names = { names.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        ClientTools = { clientTools.Split(' ').Select(name => new ClientTool { Name = name }) },
    };
}
