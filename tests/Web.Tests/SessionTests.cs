using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class SessionTests(Chromium browser)
{
    [Fact]
    public async Task Reload_AfterAnAnswer_ShowsTheSavedMessages()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=3 rate=max reasoning=2");
        await scene.AskAsync("/demo tokens=20 rate=max fail=network after=2");
        Assert.Matches("#/[0-9a-f-]{36}$", scene.Page.Url);

        await scene.Page.ReloadAsync();

        await Expect(scene.Page.Locator(".bubble")).ToHaveTextAsync(
            ["/demo tokens=3 rate=max reasoning=2", "/demo tokens=20 rate=max fail=network after=2"]);
        await Expect(scene.Answers.First.Locator(".prose")).ToHaveTextAsync("alpha bravo charlie");
        await Expect(scene.Answers.First.Locator(".reasoning-text")).Not.ToBeEmptyAsync();
        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo");
        await Expect(scene.Notes).ToContainTextAsync("This answer failed.");
        await Expect(scene.Figures).ToContainTextAsync("tokens");
    }

    [Fact]
    public async Task List_NewestFirst_OpensWhatIsClicked()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=1 rate=max");
        await scene.Button("New chat").ClickAsync();
        await Expect(scene.Answers).ToHaveCountAsync(0);
        await scene.AskAsync("/demo tokens=2 rate=max");
        await Expect(scene.Rows).ToHaveTextAsync(["/demo tokens=2 rate=max", "/demo tokens=1 rate=max"]);

        await scene.Rows.Last.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(scene.Prose).ToHaveTextAsync("alpha");
        await Expect(scene.Page).ToHaveTitleAsync("/demo tokens=1 rate=max · ChatGrpc");
        await scene.Page.GoBackAsync();
        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo");
    }

    [Fact]
    public async Task List_WhileAnotherChatIsAnswered_BothGoOn()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Slow");
        var slow = await scene.StandIn.NextRequestAsync();
        await slow.StartStreamAsync();
        await slow.WriteTextAsync("slow ");
        await Expect(scene.Prose).ToHaveTextAsync("slow");

        await scene.Button("New chat").ClickAsync();
        await scene.SendAsync("Quick");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("quick");
        await Expect(scene.Figures).ToBeVisibleAsync();
        await slow.WriteTextAsync("and steady");
        await slow.FinishAsync();

        await scene.Rows.GetByText("Slow").ClickAsync();
        await Expect(scene.Prose).ToHaveTextAsync("slow and steady");
    }

    [Fact]
    public async Task Rename_InTheList_IsKept()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=1 rate=max");
        await scene.Rows.HoverAsync();
        await scene.Rows.GetByTitle("Rename").ClickAsync();

        await scene.Page.Keyboard.TypeAsync("Ein Gruß 🌍");
        await scene.Page.Keyboard.PressAsync("Enter");

        await Expect(scene.Page).ToHaveTitleAsync("Ein Gruß 🌍 · ChatGrpc");
        await scene.Page.ReloadAsync();
        await Expect(scene.Rows.GetByRole(AriaRole.Link)).ToHaveTextAsync("Ein Gruß 🌍");
    }

    [Fact]
    public async Task Rename_WhileTheListIsRefreshed_GoesOn()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Old");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await Expect(scene.Rows).ToHaveCountAsync(1);
        using var seed = new Seed(scene.Address);
        await seed.SayAsync("other", "/demo tokens=1 rate=max", "demo");
        // The list may have been refreshed by now, or will be at any moment: no pointer stays on a row that moves.
        var row = scene.Rows.Filter(new() { HasText = "Old" });
        await row.GetByTitle("Rename").DispatchEventAsync("click");
        await scene.Page.Keyboard.TypeAsync("Half");

        await scene.Page.RunAndWaitForRequestFinishedAsync(
            () => exchange.FinishAsync(),
            new() { Predicate = request => request.Url.EndsWith("/ListSessions", StringComparison.Ordinal) });
        await scene.Page.Keyboard.TypeAsync(" and whole");
        await scene.Page.Keyboard.PressAsync("Enter");

        await Expect(scene.Rows.GetByText("Half and whole")).ToBeVisibleAsync();
        await Expect(scene.Rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Tap_OnTheCurrentSessionOfANarrowScreen_ClosesTheDrawer()
    {
        await using var scene = await PageScene.OpenAsync(
            browser, new() { ViewportSize = new() { Width = 390, Height = 780 } });
        await scene.AskAsync("/demo tokens=1 rate=max");
        await scene.Page.Locator("#menu").ClickAsync();
        await Expect(scene.Page.Locator("#sidebar")).ToHaveClassAsync(new Regex("open"));

        await scene.Rows.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(scene.Page.Locator("#sidebar")).Not.ToHaveClassAsync(new Regex("open"));
    }

    [Fact]
    public async Task Delete_AfterItsQuestion_RemovesTheSession()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo tokens=1 rate=max");
        var delete = scene.Rows.GetByTitle("Delete");
        await scene.Rows.HoverAsync();
        await delete.ClickAsync();
        await scene.Button("Cancel").ClickAsync();
        await Expect(scene.Rows).ToHaveCountAsync(1);

        await scene.Rows.HoverAsync();
        await delete.ClickAsync();
        await scene.Button("Delete").ClickAsync();

        await Expect(scene.Rows).ToHaveCountAsync(0);
        await Expect(scene.Answers).ToHaveCountAsync(0);
        await scene.Page.ReloadAsync();
        await Expect(scene.Page.GetByText("Chats will be listed here.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Open_SessionThatDoesNotExist_IsToldInWords()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.Page.GotoAsync($"{scene.Address}#/not-there");

        await Expect(scene.Page.GetByText("This chat does not exist any more.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Scroll_ManySessionsAndMessages_LoadsFurtherPages()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        using var seed = new Seed(scene.Address);
        for (var i = 1; i <= 60; i++)
        {
            await seed.SayAsync($"session-{i}", $"/demo tokens=1 rate=max\nSession {i}");
        }

        for (var i = 1; i <= 60; i++)
        {
            await seed.SayAsync("long", $"/demo tokens=1 rate=max\nMessage {i}");
        }

        await scene.Page.GotoAsync($"{scene.Address}#/long");
        await scene.Page.ReloadAsync();
        await Expect(scene.Page.Locator(".bubble").Last).ToContainTextAsync("Message 60");
        await scene.Page.GotoAsync($"{scene.Address}#/session-1");
        await Expect(scene.Page).ToHaveTitleAsync(new Regex("tokens=1"));
        await scene.Page.GotoAsync($"{scene.Address}#/long");
        await Expect(scene.Page.Locator(".bubble").Last).ToContainTextAsync("Message 60");
        // Before they are there, there is nothing to scroll.
        await Expect(scene.Rows).ToHaveCountAsync(40);
        await scene.Page.Locator("#sessions").EvaluateAsync("list => list.scrollTop = list.scrollHeight");
        await Expect(scene.Rows).ToHaveCountAsync(61);

        await Expect(scene.Page.Locator(".bubble")).ToHaveCountAsync(25);
        await scene.Button("Earlier messages").ClickAsync();
        await Expect(scene.Page.Locator(".bubble")).ToHaveCountAsync(50);
        await scene.Button("Earlier messages").ClickAsync();
        await Expect(scene.Page.Locator(".bubble")).ToHaveCountAsync(60);
        await Expect(scene.Page.Locator(".bubble").First).ToHaveTextAsync("/demo tokens=1 rate=max\nMessage 1");
        await Expect(scene.Button("Earlier messages")).ToBeHiddenAsync();
    }
}
