using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed partial class StreamingTests(Chromium browser)
{
    [Fact]
    public async Task Send_ModelInLockStep_EachWordIsVisibleBeforeTheNextExists()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Count");
        var exchange = await scene.StandIn.NextRequestAsync();
        await Expect(scene.Answer).ToContainTextAsync("is answering");
        await exchange.StartStreamAsync();

        var shown = "";
        foreach (var word in (string[])["one ", "two ", "three"])
        {
            await exchange.WriteTextAsync(word);
            shown += word;
            await Expect(scene.Prose).ToHaveTextAsync(shown.TrimEnd());
        }

        await Expect(scene.Answer).Not.ToContainTextAsync("is answering");
        await exchange.FinishAsync();
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Figures).ToContainTextAsync("9 + 12 tokens");
        await Expect(scene.Figures).ToContainTextAsync(FirstToken());
        await Expect(scene.Answer).ToHaveAttributeAsync("aria-busy", "false");
    }

    [Fact]
    public async Task Send_ModelReasons_ReasoningIsFoldedAway()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=3 reasoning=4 rate=max");

        var reasoning = scene.Answer.Locator(".reasoning-text");
        await Expect(reasoning).ToBeHiddenAsync();
        await scene.Answer.GetByText("Reasoning").ClickAsync();
        await Expect(reasoning).ToBeVisibleAsync();
        await Expect(reasoning).Not.ToBeEmptyAsync();
        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo charlie");
    }

    [Fact]
    public async Task Send_AFastLongAnswer_IsWholeAndThePageStaysQuick()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=20000 rate=max");

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        var words = await scene.Prose.EvaluateAsync<int>("prose => prose.textContent.trim().split(/\\s+/).length");
        Assert.Equal(20_000, words);
        await scene.AskAsync("Hello");
    }

    [Theory]
    [InlineData("Family 👩‍👩‍👧, flag 🇨🇭, face 😀")]
    [InlineData("你好，世界。𠀀")]
    [InlineData("مرحبا بالعالم 123")]
    public async Task Send_AnyScript_ArrivesAndReturnsIntact(string text)
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync(text);
        var exchange = await scene.StandIn.NextRequestAsync();
        Assert.Equal(text, exchange.Body.GetProperty("messages")[0].GetProperty("content").GetString());
        await exchange.AnswerAsync(text);

        await Expect(scene.Prose).ToHaveTextAsync(text);
        await Expect(scene.Page.Locator(".bubble")).ToHaveTextAsync(text);
        var direction = text[0] == 'م' ? "rtl" : "ltr";
        await Expect(scene.Prose.Locator("p")).ToHaveCSSAsync("direction", direction);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Send_EmojiInHalves_AreWholeOnThePage()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo split-emoji tokens=6 rate=max");

        var text = await scene.Prose.TextContentAsync();
        Assert.DoesNotContain('\uFFFD', text!);
        Assert.Contains(text!.EnumerateRunes(), rune => rune.Value > 0xFFFF);
    }

    [GeneratedRegex(@"first token \d+\.\d\d s")]
    private static partial Regex FirstToken();
}
