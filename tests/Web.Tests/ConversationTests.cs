using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Branches, forks, search and files, from the page through the service to the store and back.</summary>
public sealed class ConversationTests(Chromium browser)
{
    [Fact]
    public async Task Edit_ThenPaging_TurnsEveryTabAndOutlivesAReload()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "One", "first");
        await AnswerAsync(scene, "And on", "further");
        var other = await scene.OpenTabAsync(scene.Session);
        await Expect(other.Texts).ToHaveTextAsync(["One", "first", "And on", "further"]);

        await scene.Button("Edit the message").First.ClickAsync();
        await scene.Page.GetByLabel("Edited message").FillAsync("Two");
        await scene.Page.Keyboard.PressAsync("Enter");
        var exchange = await scene.StandIn.NextRequestAsync();
        Assert.Equal(1, exchange.Body.GetProperty("messages").GetArrayLength());
        await exchange.AnswerAsync("second");
        foreach (var tab in (PageTab[])[scene, other])
        {
            await Expect(tab.Texts).ToHaveTextAsync(["Two", "second"]);
            await Expect(tab.Versions).ToHaveTextAsync("2 / 2");
            await Expect(tab.Figures).ToContainTextAsync("✓ whole");
        }

        await scene.Button("Previous version").ClickAsync();
        foreach (var tab in (PageTab[])[scene, other])
        {
            await Expect(tab.Texts).ToHaveTextAsync(["One", "first", "And on", "further"]);
            await Expect(tab.Versions).ToHaveTextAsync("1 / 2");
        }

        await scene.Page.ReloadAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first", "And on", "further"]);
        await Expect(scene.Versions).ToHaveTextAsync("1 / 2");
    }

    [Fact]
    public async Task Regenerate_PagedAwayFromInMidAnswer_GoesOnAndIsWhole()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "One", "first");
        await scene.Button("Answer once more").ClickAsync();
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("second, ");
        await Expect(scene.Texts).ToHaveTextAsync(["One", "second,"]);

        await scene.Button("Previous version").ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first"]);
        await exchange.WriteTextAsync("and on");
        await exchange.FinishAsync();
        await Expect(scene.Button("Stop")).ToBeHiddenAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first"]);
        await scene.Button("Next version").ClickAsync();

        await Expect(scene.Texts).ToHaveTextAsync(["One", "second, and on"]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task EditAndRegenerate_WhileAnAnswerIsWritten_WaitTheirTurn()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "One", "first");
        await scene.SendAsync("And on");
        var running = await scene.StandIn.NextRequestAsync();
        await running.StartStreamAsync();
        await running.WriteTextAsync("further");
        await Expect(scene.Prose).ToHaveTextAsync("further");

        await scene.Answers.First.GetByTitle("Answer once more").ClickAsync();
        await Expect(scene.Answer).ToContainTextAsync("will answer after the one before");
        await scene.Button("Edit the message").ClickAsync();
        await scene.Page.Keyboard.TypeAsync("!");
        await scene.Page.Keyboard.PressAsync("Enter");
        await Expect(scene.Questions).ToHaveTextAsync("One!");
        await Expect(scene.Answer).ToContainTextAsync("will answer after the one before");
        await running.FinishAsync();
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("once more");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("to the edit");

        await Expect(scene.Texts).ToHaveTextAsync(["One!", "to the edit"]);
        await Expect(scene.Button("Stop")).ToBeHiddenAsync();
        await scene.Button("Previous version").ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "once more"]);
        await Expect(scene.Versions).ToHaveTextAsync(["1 / 2", "2 / 2"]);
        await scene.Button("Previous version").Last.ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first", "And on", "further"]);
    }

    [Fact]
    public async Task Search_ForWhatWasSaid_OpensItWhereItStands()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "Grüße 🌍 an die Welt", "🌍🌍 你好，世界。");
        await AnswerAsync(scene, "More", "something else");
        await scene.Button("New chat").ClickAsync();
        await Expect(scene.Texts).ToHaveCountAsync(0);

        await scene.Search.FillAsync("世界");
        await Expect(scene.Hits).ToHaveCountAsync(1);
        await Expect(scene.Hits.Locator("mark")).ToHaveTextAsync("世界");
        await scene.Search.FillAsync("WELT grusse");
        await Expect(scene.Hits.Locator("mark")).ToHaveTextAsync(["Grüße", "Welt", "Grüße", "Welt"]);
        await scene.Search.FillAsync("nowhere");
        await Expect(scene.Found).ToHaveTextAsync("Nothing was found.");
        await scene.Search.FillAsync("世界");
        await scene.Hits.ClickAsync();

        await Expect(scene.Texts).ToHaveCountAsync(4);
        await Expect(scene.Answers.First).ToBeFocusedAsync();
        await scene.Search.FillAsync(new string('x', 10_000));
        await Expect(scene.Found).ToContainTextAsync("500");
    }

    [Fact]
    public async Task Fork_FromTheFirstAnswer_GoesOnByItself()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "One", "first");
        await AnswerAsync(scene, "And on", "further");
        var session = scene.Session;

        await scene.Answers.First.GetByTitle("Go on from here in a new chat").ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first"]);
        Assert.NotEqual(session, scene.Session);
        await AnswerAsync(scene, "Elsewhere", "there");
        await Expect(scene.Texts).ToHaveTextAsync(["One", "first", "Elsewhere", "there"]);
        await scene.Page.GotoAsync($"{scene.Address}#/{session}");

        await Expect(scene.Texts).ToHaveTextAsync(["One", "first", "And on", "further"]);
        await Expect(scene.Rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Export_OfASession_HasWhatWasSaid()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await AnswerAsync(scene, "Grüße 🌍", "**first**");

        var (name, markdown) = await ExportAsync(scene, "Markdown");
        Assert.Equal("Grüße 🌍.md", name);
        Assert.Contains("**first**", markdown, StringComparison.Ordinal);
        (name, var json) = await ExportAsync(scene, "JSON");

        Assert.Equal("Grüße 🌍.json", name);
        using var document = JsonDocument.Parse(json);
        Assert.Contains("**first**", document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<(string Name, string Text)> ExportAsync(PageScene scene, string form)
    {
        await scene.Rows.HoverAsync();
        await scene.Rows.GetByTitle("Export").ClickAsync();
        await scene.Page.GetByLabel(form).CheckAsync();
        var download = await scene.Page.RunAndWaitForDownloadAsync(() => scene.Button("Export").ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllTextAsync(
            await download.PathAsync(), TestContext.Current.CancellationToken));
    }

    private static async Task AnswerAsync(PageScene scene, string message, string answer)
    {
        var answers = await scene.Answers.CountAsync();
        await scene.SendAsync(message);
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync(answer);
        await Expect(scene.Answers).ToHaveCountAsync(answers + 1);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }
}
