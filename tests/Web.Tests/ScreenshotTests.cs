using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>The page as a person sees it, in artifacts/screenshots; docs/page.png is one of them.</summary>
public sealed class ScreenshotTests(Chromium browser)
{
    private const string Folder = "screenshots";

    [Theory]
    [InlineData("light", ColorScheme.Light, 1280, 800)]
    [InlineData("dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("narrow", ColorScheme.Light, 390, 780)]
    public async Task Page_InEachForm_FitsItsWindow(string name, ColorScheme colors, int width, int height)
    {
        await using var scene = await PageScene.OpenAsync(
            browser, new() { ColorScheme = colors, ViewportSize = new() { Width = width, Height = height } });
        using (var seed = new Seed(scene.Address))
        {
            foreach (var message in (string[])["How do I use a real model?", "مرحبا", "What are sessions?", "Hello"])
            {
                await seed.SayAsync("", message);
            }
        }

        await scene.Page.ReloadAsync();
        await Expect(scene.Rows).ToHaveCountAsync(4);
        await ShootAsync(scene, $"{name}-welcome");
        await scene.AskAsync("Show me Markdown with a table and code");
        await ShootAsync(scene, name);
        await scene.AskAsync("/demo tokens=40 rate=max reasoning=5 fail=rate-limited after=30 retry-after=3s");
        await ShootAsync(scene, $"{name}-failure");

        var wide = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        var high = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollHeight - innerHeight");
        Assert.Equal((0, 0), (wide, high));
        await Expect(scene.Field).ToBeInViewportAsync();
        if (name == "narrow")
        {
            await scene.Page.GetByRole(AriaRole.Button, new() { Name = "Chats" }).ClickAsync();
            await Expect(scene.Rows.First).ToBeInViewportAsync();
            await ShootAsync(scene, $"{name}-drawer");
            await scene.Page.Keyboard.PressAsync("Escape");
            await Expect(scene.Rows.First).Not.ToBeInViewportAsync();
        }
    }

    private static async Task ShootAsync(PageScene scene, string name)
    {
        var image = await scene.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", Folder, $"{name}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
        Assert.NotEmpty(image);
    }
}
