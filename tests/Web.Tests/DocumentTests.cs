using Chat.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Documents beside the talk.</summary>
public sealed class DocumentTests(Chromium browser)
{
    private const string Json = """{"big":12345678901234567890,"text":"a {b}: \"c\"","none":[],"list":[1,{}]}""";

    [Fact]
    public async Task Documents_OfEachMediaType_AreShownAsWhatTheyAre()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser,
            "",
            ForgedTurn.Document(1, "Plan", "text/markdown; charset=utf-8", "# Plan\n\n- **one**"),
            ForgedTurn.Document(2, "Data", "application/json", Json),
            ForgedTurn.Document(3, "Page", "text/html", "<h1 onclick=alert(1)>Page</h1><script>alert(2)</script>"));
        var body = scene.Panel.Locator(".document-body");

        await Expect(scene.Panel.Locator("h2")).ToHaveTextAsync("Page");
        await Expect(body.Locator("pre"))
            .ToHaveTextAsync("<h1 onclick=alert(1)>Page</h1><script>alert(2)</script>");
        await Expect(body.Locator("h1, script")).ToHaveCountAsync(0);
        await scene.Panel.GetByRole(AriaRole.Combobox).SelectOptionAsync("2. Data");
        Assert.Equal(
            """
            {
              "big": 12345678901234567890,
              "text": "a {b}: \"c\"",
              "none": [],
              "list": [
                1,
                {}
              ]
            }
            """,
            await body.Locator("code").TextContentAsync());
        await scene.Page.Answer.GetByRole(AriaRole.Button, new() { Name = "Plan" }).ClickAsync();
        await Expect(body.Locator("h1")).ToHaveTextAsync("Plan");
        await Expect(body.Locator("strong")).ToHaveTextAsync("one");
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    [InlineData(100_000, true)]
    public async Task Document_InJson_IsShownAsItIsWhereItIsTooDeep(int depth, bool isAsItIs)
    {
        var deep = $"{new string('[', depth)}1{new string(']', depth)}";
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser, "", ForgedTurn.Document(1, "Deep", "application/json", deep));

        var shown = await scene.Panel.Locator("code").TextContentAsync();

        Assert.Equal(isAsItIs, shown == deep);
        Assert.Equal(deep, string.Concat(shown!.Split([' ', '\n'])));
    }

    [Fact]
    public async Task Document_InMarkdownWithMarkup_IsHarmless()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser,
            "",
            ForgedTurn.Document(
                1, "<b>x</b>", "text/markdown", "<img src=x onerror=alert(1)> [a](javascript:alert(2))"));

        await Expect(scene.Panel.Locator("h2")).ToHaveTextAsync("<b>x</b>");
        await Expect(scene.Panel.Locator(".prose")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(scene.Panel.Locator("img, .prose a, b")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("../../etc/pass\u202ewd: <Q1>", "text/plain", "etc pass wd Q1.txt")]
    [InlineData("con", "application/json", "_con.json")]
    [InlineData("  ", "text/markdown", "document.md")]
    [InlineData("Plan.md", "text/markdown", "Plan.md")]
    public async Task Document_Downloaded_HasASafeNameAndItsOwnBytes(string title, string mediaType, string name)
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser, "", ForgedTurn.Document(1, title, mediaType, "Grüße 🌍"));

        var download = await scene.Page.Page.RunAndWaitForDownloadAsync(
            () => scene.Page.Button("Download the document").ClickAsync());

        Assert.Equal(name, download.SuggestedFilename);
        Assert.Equal("Grüße 🌍", await File.ReadAllTextAsync(
            await download.PathAsync(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Panel_ByKeyboard_OpensTakesTheFocusAndGivesItBack()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser, "", ForgedTurn.Document(1, "Plan", "text/plain", "one"));
        await scene.Page.Button("Close the document").ClickAsync();
        await Expect(scene.Panel).ToBeHiddenAsync();
        var card = scene.Page.Answer.Locator(".document-card");

        await card.FocusAsync();
        await scene.Page.Page.Keyboard.PressAsync("Enter");
        await Expect(scene.Panel.Locator("h2")).ToBeFocusedAsync();
        await scene.Page.Page.Keyboard.PressAsync("Escape");

        await Expect(scene.Panel).ToBeHiddenAsync();
        await Expect(card).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Panel_OnANarrowScreen_WaitsUntilItIsWantedAndFits()
    {
        await using var page = await PageScene.OpenAsync(
            browser, new() { ViewportSize = new() { Width = 390, Height = 780 } });
        var forged = await ForgedService.StandBeforeAsync(page.Page);
        await page.SendAsync("Say a word");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(
        [
            ForgedTurn.Info(), ForgedTurn.Document(1, "Plan", "text/plain", new string('x', 2000)),
            .. ForgedTurn.Ending(1, ""),
        ])]);
        var panel = page.Page.Locator("#documents");
        await Expect(page.Figures).ToContainTextAsync("✓ whole");
        await Expect(panel).ToBeHiddenAsync();

        await page.Answer.Locator(".document-card").ClickAsync();

        await Expect(panel).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        Assert.Equal(0, await panel.EvaluateAsync<int>("panel => panel.scrollWidth - panel.clientWidth"));
    }

    [Fact]
    public async Task Reload_AfterAnAnswerWithADocument_HasItStill()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(browser, "Word", [.. ForgedTurn.Words("Word")]);
        scene.Page.Forgive();
        var answer = ForgedTurn.Answer(StreamState.Completed, "Word");
        answer.Documents.Add(ForgedTurn.Document(0, "Plan", "text/plain", "one").Document);

        await scene.ReloadAsync(ForgedTurn.Question, answer);
        await scene.Page.Answer.Locator(".document-card").ClickAsync();

        await Expect(scene.Panel.Locator("pre")).ToHaveTextAsync("one");
    }
}
