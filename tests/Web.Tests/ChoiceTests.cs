using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>The model, the colours, the key: what a person sets, and what of it is kept.</summary>
public sealed class ChoiceTests(Chromium browser)
{
    private const string KeyIsMissing = "grpc-status: 16\r\ngrpc-message: An API key is missing.";

    [Fact]
    public async Task Model_Chosen_AnswersNowAndAfterAReload()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.Button("Model: openai").ClickAsync();
        await scene.Page.Locator("#models input[value=demo]").ClickAsync();

        await scene.AskAsync("/demo tokens=1 rate=max");
        await Expect(scene.Answer.Locator(".author")).ToHaveTextAsync("demo");
        await scene.Page.ReloadAsync();
        await Expect(scene.Button("Model: demo")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Model_ThatIsNotAvailable_IsShownWithTheReason()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.StandIn.DisposeAsync();
        await scene.Button("Model: openai").ClickAsync();

        var row = scene.Page.Locator(".model-row", new() { HasText = "openai" }).First;
        await Expect(row.GetByRole(AriaRole.Radio)).ToBeDisabledAsync();
        await Expect(row.Locator(".model-why")).Not.ToBeEmptyAsync();
    }

    [Fact]
    public async Task Theme_Chosen_IsKept()
    {
        await using var scene = await PageScene.OpenAsync(browser, new() { ColorScheme = ColorScheme.Light });
        var paper = scene.Page.Locator("html");
        await Expect(paper).ToHaveCSSAsync("background-color", "rgb(253, 252, 250)");

        await scene.Button("Colours: as the system").ClickAsync();
        await scene.Button("Colours: light").ClickAsync();

        await Expect(paper).ToHaveCSSAsync("background-color", "rgb(23, 24, 26)");
        await scene.Page.ReloadAsync();
        await Expect(paper).ToHaveCSSAsync("background-color", "rgb(23, 24, 26)");
    }

    [Fact]
    public async Task Key_ServiceAsksForOne_IsAskedForAndSent()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        forged.OnSend = key => key == "Bearer right" ? ([ForgedTurn.Info()], ForgedService.Ok) : ([], KeyIsMissing);
        await scene.SendAsync("Hello");
        var field = scene.Page.GetByLabel("API key", new() { Exact = true }).And(scene.Page.Locator("input"));

        await field.FillAsync("schlüssel");
        await scene.Button("Continue").ClickAsync();
        await Expect(scene.Page.GetByText("what you entered has others")).ToBeVisibleAsync();
        await field.FillAsync("wrong");
        await scene.Button("Continue").ClickAsync();
        await Expect(scene.Page.GetByText("does not accept the key")).ToBeVisibleAsync();
        await field.FillAsync("right");
        await field.PressAsync("Enter");
        await forged.NextWatchAsync("Bearer right");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(ForgedTurn.Honest())]);

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        Assert.Equal("right", await scene.Page.EvaluateAsync<string>("sessionStorage.getItem('chatgrpc.key')"));
    }

    [Fact]
    public async Task Key_NotGiven_IsToldInWords()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        forged.OnSend = _ => ([], KeyIsMissing);
        await scene.SendAsync("Hello");
        await Expect(scene.Page.GetByText("This service asks for an API key.")).ToBeVisibleAsync();

        await scene.Page.Keyboard.PressAsync("Escape");

        await Expect(scene.Notes).ToContainTextAsync("An API key is missing.");
    }
}
