using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class KeyboardTests(Chromium browser)
{
    [Fact]
    public async Task Keyboard_Alone_DoesEverything()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var keys = scene.Page.Keyboard;

        await keys.TypeAsync("/demo tokens=2 rate=max");
        await keys.PressAsync("Shift+Enter");
        await keys.TypeAsync("second line");
        await keys.PressAsync("Enter");
        await Expect(scene.Figures).ToBeVisibleAsync();
        await Expect(scene.Page.Locator(".bubble")).ToHaveTextAsync("/demo tokens=2 rate=max\nsecond line");

        await keys.PressAsync("Control+k");
        await Expect(scene.Page.GetByLabel("Search all chats")).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Expect(scene.Field).ToBeFocusedAsync();
        await keys.PressAsync("Control+Shift+O");
        await Expect(scene.Answers).ToHaveCountAsync(0);
        await Expect(scene.Field).ToBeFocusedAsync();

        // Back from the field: what to ask, the session and what can be done with it, the rest of the sidebar.
        string[] names =
        [
            "How ", "Show ", "What ", "Delete: ", "Export: ", "Rename: ", "/demo", "Search", "New chat", "Colours",
        ];
        foreach (var name in names)
        {
            await keys.PressAsync("Shift+Tab");
            Assert.StartsWith(name, await FocusedNameAsync(scene), StringComparison.Ordinal);
        }

        await keys.PressAsync("Enter");
        await Expect(scene.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await keys.PressAsync("/");
        await Expect(scene.Field).ToBeFocusedAsync();
        await Expect(scene.Field).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Models_ByKeyboard_OpenChooseAndClose()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await Expect(scene.Button("Model: demo")).ToBeVisibleAsync();
        await scene.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Model: demo", await FocusedNameAsync(scene));

        await scene.Page.Keyboard.PressAsync("Enter");
        await Expect(scene.Page.GetByRole(Microsoft.Playwright.AriaRole.Radio).First).ToBeFocusedAsync();
        await scene.Page.Keyboard.PressAsync("Escape");

        await Expect(scene.Page.Locator("#models")).ToBeHiddenAsync();
        Assert.Equal("Model: demo", await FocusedNameAsync(scene));
    }

    private static Task<string> FocusedNameAsync(PageScene scene) => scene.Page.EvaluateAsync<string>(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");
}
