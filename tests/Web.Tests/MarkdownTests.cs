using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class MarkdownTests(Chromium browser)
{
    private static readonly string[] HtmlOfModels =
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
        "<iframe src=https://example.org></iframe>",
        "<style>body{display:none}</style>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<form action=https://example.org><input name=key><button>Send</button></form>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<object data=https://example.org></object>",
    ];

    private static readonly string[] DangerousLinks =
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox(1))",
        "[x](file:///etc/passwd)",
        "[x](//example.org/)",
        "![x](javascript:alert(1))",
    ];

    [Fact]
    public async Task Answer_InMarkdown_IsShownAsItIsMeant()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("Show me Markdown");

        await Expect(scene.Prose.GetByRole(AriaRole.Heading, new() { Name = "A Markdown sample" })).ToBeVisibleAsync();
        await Expect(scene.Prose.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(scene.Prose.Locator("ol > li")).ToHaveTextAsync(["Ask.", "Read while it is written."]);
        await Expect(scene.Prose.Locator(".code-head")).ToHaveTextAsync("csharp");
        await Expect(scene.Prose.Locator("pre")).ToContainTextAsync("    Console.Write(message.Token?.Text);");
    }

    [Fact]
    public async Task Answer_WordByWord_IsTheSameAsInOnePiece()
    {
        const string Text =
            "# Title\r\n\r\nA *first* paragraph\r\nof two lines.\n\n- one\n\n  still one\n- two\n\n"
            + "```js\nlet a;\n\nlet b;\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n"
            + "See [this][1], <b>bold</b> and List<string>.\n\n"
            + "[1]: https://example.org/\n";
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("In pieces");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        foreach (var piece in Text.Chunk(3))
        {
            await exchange.WriteTextAsync(new string(piece));
        }

        await exchange.FinishAsync();
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        var inPieces = await scene.Prose.InnerHTMLAsync();
        await scene.SendAsync("In one");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync(Text);
        await Expect(scene.Answers).ToHaveCountAsync(2);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");

        Assert.Equal(await scene.Prose.InnerHTMLAsync(), inPieces);
        await Expect(scene.Prose.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", "https://example.org/");
        await Expect(scene.Prose).ToContainTextAsync("bold and List<string>.");
    }

    [Fact]
    public async Task Answer_WithHtmlOfItsOwn_ShowsItAsText()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        foreach (var html in HtmlOfModels)
        {
            await AnswerAsync(scene, $"Before {html} after\n\n{html}\n\nLast.");

            await Expect(scene.Prose).ToContainTextAsync($"Before {html} after");
            await Expect(scene.Prose).ToContainTextAsync("Last.");
            await Expect(scene.Prose.Locator(
                "script, img, svg, iframe, style, form, button, input, a, math, object")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Answer_WithHtmlThatShapesText_ShapesItAndNoMore()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "H<sub>2</sub>O <b onmouseover=alert(1) style='color:red' id=x>bold</b>");

        Assert.Equal(
            "<p dir=\"auto\">H<sub>2</sub>O <b>bold</b></p>", (await scene.Prose.InnerHTMLAsync()).TrimEnd());
    }

    [Fact]
    public async Task Answer_WithADangerousLink_HasNoLink()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        foreach (var markdown in DangerousLinks)
        {
            await AnswerAsync(scene, $"{markdown} end");

            await Expect(scene.Prose).ToContainTextAsync("end");
            await Expect(scene.Prose.Locator("a, img")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Answer_WithLinks_OpensThemApart()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "[site](https://example.org/?a=1&b=2 \"t\") <me@example.org>");

        var link = scene.Prose.GetByRole(AriaRole.Link, new() { Name = "site" });
        await Expect(link).ToHaveAttributeAsync("href", "https://example.org/?a=1&b=2");
        await Expect(link).ToHaveAttributeAsync("target", "_blank");
        await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await Expect(scene.Prose.GetByText("me@example.org")).ToHaveAttributeAsync("href", "mailto:me@example.org");
    }

    [Fact]
    public async Task Answer_WithARemotePicture_LinksToItAndLoadsNothing()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "![a cat](https://example.org/cat.png?secret=1)");

        await Expect(scene.Prose.Locator("img")).ToHaveCountAsync(0);
        await Expect(scene.Prose.GetByRole(AriaRole.Link, new() { Name = "Picture: a cat" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Message_WithHtml_IsShownAsItWasTyped()
    {
        const string Message = "<img src=x onerror=alert(1)>\n**not bold**";
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.SendAsync(Message);

        Assert.Equal(Message, await scene.Page.Locator(".bubble").TextContentAsync());
    }

    [Fact]
    public async Task Copy_OfCode_PutsItOnTheClipboard()
    {
        await using var scene = await PageScene.OpenAsync(
            browser, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await scene.AskAsync("Show me Markdown");

        await scene.Prose.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();

        await Expect(scene.Prose.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        var copied = await scene.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.StartsWith("await foreach", copied, StringComparison.Ordinal);
    }

    // Whatever would have run or been loaded, the scene's end reports.
    private static async Task AnswerAsync(PageScene scene, string markdown)
    {
        var answers = await scene.Answers.CountAsync();
        await scene.SendAsync("Answer");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync(markdown);
        await Expect(scene.Answers).ToHaveCountAsync(answers + 1);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }
}
