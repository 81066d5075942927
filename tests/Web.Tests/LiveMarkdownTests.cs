using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed partial class LiveMarkdownTests(Chromium browser)
{
    // Each piece is on the page before the next is written; the places to cut are those that mislead.
    private static readonly string[][] Texts =
    [
        ["1. First", "\n\n    para", " of it\n\n", "2", ". Second"],
        ["- one\n\n", "  still\n\n", "- two\n\n\n", "  - nested\n\n", "  - other\n\n", "last"],
        ["1. item\n\n", "   - below\n\n", "     text\n", "2. end"],
        ["Code:\n\n", "    let a\n\n", "    let b\n\n\n", "    let c\n\n", "after"],
        ["1. Run\n\n   ```sh\n   make", "\n\n   test\n", "   ```\n\n", "2", ". Done\n\nThe", " end"],
        ["> quote\n", "lazy\n\n", "text\n", "#not a title\n\n", "# Title\n", "| a | b", " |\n|---|---|\n| c | d |"],
    ];

    [Fact]
    public async Task Answer_StillWritten_LooksAsTheWhole()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        foreach (var pieces in Texts)
        {
            await scene.Button("New chat").ClickAsync();
            await Expect(scene.Answers).ToHaveCountAsync(0);
            await scene.SendAsync("In one");
            await (await scene.StandIn.NextRequestAsync()).AnswerAsync(string.Concat(pieces));
            await Expect(scene.Figures).ToContainTextAsync("✓ whole");
            var whole = await scene.Prose.InnerHTMLAsync();

            await scene.SendAsync("In pieces");
            await Expect(scene.Answers).ToHaveCountAsync(2);
            var exchange = await scene.StandIn.NextRequestAsync();
            await exchange.StartStreamAsync();
            foreach (var piece in pieces)
            {
                await exchange.WriteTextAsync(piece);
                await Expect(scene.Prose).ToContainTextAsync(LastWord().Match(piece).Value);
            }

            await Expect(scene.Figures).ToBeHiddenAsync();
            Assert.Equal(whole, await scene.Prose.InnerHTMLAsync());
            await exchange.FinishAsync();
            await Expect(scene.Figures).ToContainTextAsync("✓ whole");
            Assert.Equal(whole, await scene.Prose.InnerHTMLAsync());
        }
    }

    [GeneratedRegex(@"\w+", RegexOptions.RightToLeft)]
    private static partial Regex LastWord();
}
