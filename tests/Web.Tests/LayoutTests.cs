using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Where on the page an answer's blocks stand.</summary>
public sealed class LayoutTests(Chromium browser)
{
    [Theory]
    [InlineData("- مرحبا\n- بالعالم", "ul")]
    [InlineData("1. שלום\n2. עולם", "ol")]
    [InlineData("> مرحبا بالعالم", "blockquote")]
    public async Task Block_OfRightToLeftText_BeginsAtTheRight(string markdown, string block)
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, $"{markdown}\n\nAnd English.");

        await Expect(scene.Prose.Locator(block)).ToHaveCSSAsync("direction", "rtl");
        await Expect(scene.Prose.Locator("p").Last).ToHaveCSSAsync("direction", "ltr");
        var inset = await scene.Prose.Locator(block).EvaluateAsync<float>(
            "block => parseFloat(getComputedStyle(block).paddingRight)");
        Assert.True(inset > 0, "The mark has no room at the right.");
    }

    [Theory]
    [InlineData("- ")]
    [InlineData("> ")]
    public async Task Block_DeepInOthers_LeavesThePageAsWideAsItIs(string mark)
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.Page.SetViewportSizeAsync(390, 780);
        var text = mark == "> "
            ? $"{string.Concat(Enumerable.Repeat(mark, 60))}deepest"
            : string.Join('\n', Enumerable.Range(0, 60).Select(depth => $"{new string(' ', depth * 2)}- item {depth}"));
        await AnswerAsync(scene, text);

        var wide = await scene.Page.EvaluateAsync<int>(
            "document.getElementById('scroll').scrollWidth - document.getElementById('scroll').clientWidth");
        Assert.Equal(0, wide);
        var room = await scene.Prose.Locator("li, p").Last.EvaluateAsync<float>("block => block.clientWidth");
        Assert.True(room > 150, $"The deepest words have {room} pixels.");
    }

    private static async Task AnswerAsync(PageScene scene, string markdown)
    {
        await scene.SendAsync("Answer");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync(markdown);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }
}
