using Chat.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Which tools the model may call, as a person chooses.</summary>
public sealed class ToolChoiceTests(Chromium browser)
{
    [Fact]
    public async Task Tools_NothingChosen_AreNotAskedForAndNotSent()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        var asked = 0;
        await OfferAsync(forged, () => asked++);

        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(ForgedTurn.Honest())]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");

        Assert.Null(Assert.Single(forged.Sent).Request.Tools);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Tools_Chosen_AreSentNowAndAfterAReload()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await OfferAsync(forged);
        await scene.Button("Tools: as the service offers them").ClickAsync();
        await Expect(scene.Page.Locator("#tool-menu legend")).ToHaveTextAsync(["Built in", "files", "far"]);
        await Expect(scene.Page.Locator("#tool-menu .model-why")).ToHaveTextAsync("It did not start.");
        await Expect(Box(scene, "clock")).ToBeCheckedAsync();
        await Box(scene, "clock").UncheckAsync();
        await Box(scene, "files_read").CheckAsync();
        await scene.Page.Keyboard.PressAsync("Escape");

        await scene.Page.ReloadAsync();
        await forged.NextWatchAsync();
        await Expect(scene.Button("Tools: 1 chosen")).ToBeVisibleAsync();
        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(ForgedTurn.Honest())]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");

        Assert.Equal(["files_read"], Assert.Single(forged.Sent).Request.Tools.Names);
    }

    [Fact]
    public async Task Tools_GivenBackToTheService_AreNoLongerSent()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await OfferAsync(forged);
        await scene.Button("Tools: as the service offers them").ClickAsync();
        await Box(scene, "clock").UncheckAsync();
        await Expect(scene.Button("Tools: none")).ToBeVisibleAsync();

        await scene.Button("As the service offers them").ClickAsync();

        await Expect(Box(scene, "clock")).ToBeCheckedAsync();
        await Expect(scene.Button("Tools: as the service offers them")).ToBeVisibleAsync();
        Assert.Null(await scene.Page.EvaluateAsync<string?>("localStorage.getItem('chatgrpc.tools')"));
    }

    private static ILocator Box(PageScene scene, string name) =>
        scene.Page.Locator($"#tool-menu input[value={name}]");

    private static Task OfferAsync(ForgedService forged, Action? asked = null) =>
        forged.ForgeAsync("ListTools", ListToolsRequest.Parser, _ =>
        {
            asked?.Invoke();
            var listed = new ListToolsResponse
            {
                Tools =
                {
                    new Tool { Name = "clock", Kind = ToolKind.Server, OfferedByDefault = true, Description = "Time." },
                    new Tool { Name = "files_read", Kind = ToolKind.Mcp, Server = "files", Title = "<i>Read</i>" },
                },
                Servers =
                {
                    new ToolServer { Name = "files", State = ToolServerState.Available },
                    new ToolServer
                    {
                        Name = "far", State = ToolServerState.Unavailable, UnavailableReason = "It did not start.",
                    },
                },
            };
            return ([listed], ForgedService.Ok);
        });
}
