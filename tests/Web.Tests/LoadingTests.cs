using System.Security.Cryptography;
using ChatGrpc.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>What is done while the messages are still on their way.</summary>
public sealed class LoadingTests(Chromium browser)
{
    [Fact]
    public async Task Stop_TwiceAfterAReloadInMidAnswer_ShowsTheTurnOnce()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far as here");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await scene.Page.ReloadAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        var held = await HoldAsync(scene.Page, "**/CancelStream");

        await scene.Button("Stop").ClickAsync();
        await scene.Button("Stopping…").ClickAsync();
        await (await held.Task.WaitAsync(WaitLimit.Default)).ContinueAsync();

        await Expect(scene.Notes).ToContainTextAsync("Stopped.");
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
        await Expect(scene.Answers).ToHaveCountAsync(1);
        await Expect(scene.Page.Locator(".bubble")).ToHaveCountAsync(1);
        await Expect(scene.Page.Locator("#status")).ToHaveTextAsync("The answer has ended.");
        await Expect(scene.Page.Locator(".session-row .running")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Send_BeforeTheMessagesAreThere_ShowsQuestionAndAnswerOnce()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("One");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("alpha");
        await Expect(scene.Figures).ToBeVisibleAsync();
        var held = await HoldAsync(scene.Page, "**/ListMessages");
        await scene.Page.ReloadAsync();
        var load = await held.Task.WaitAsync(WaitLimit.Default);

        await scene.SendAsync("Two");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("bra");
        await Expect(scene.Page.Locator("#status")).ToHaveTextAsync("The answer is being written.");
        await load.ContinueAsync();

        await Expect(scene.Page.Locator(".bubble")).ToHaveTextAsync(["One", "Two"]);
        await Expect(scene.Page.Locator(".answer .prose")).ToHaveTextAsync(["alpha", "bra"]);
        await exchange.WriteTextAsync("vo");
        await exchange.FinishAsync();
        await Expect(scene.Page.Locator(".answer .prose")).ToHaveTextAsync(["alpha", "bravo"]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Load_Fails_IsMadeUpForOnceTheSessionIsFollowed()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        scene.Forgive();
        await scene.AskAsync("/demo tokens=1 rate=max");
        var isFirst = true;
        await scene.Page.RouteAsync("**/ListMessages", route =>
        {
            var abort = isFirst;
            isFirst = false;
            return abort ? route.AbortAsync() : route.ContinueAsync();
        });

        await scene.Page.ReloadAsync();

        await Expect(scene.Prose).ToHaveTextAsync("alpha");
    }

    [Fact]
    public async Task Load_IsOlderThanTheAnswersEnd_DoesNotUndoIt()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("all of it");
        await Expect(scene.Prose).ToHaveTextAsync("all of it");
        var held = await HoldAsync(scene.Page, "**/ListMessages");
        await scene.Page.ReloadAsync();
        var route = await held.Task.WaitAsync(WaitLimit.Default);
        var old = await route.FetchAsync();
        await Expect(scene.Button("Stop")).ToBeVisibleAsync();
        await exchange.FinishAsync();
        await Expect(scene.Page.Locator("#status")).ToHaveTextAsync("The answer has ended.");

        await route.FulfillAsync(new() { Response = old });

        await Expect(scene.Prose).ToHaveTextAsync("all of it");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
        await Expect(scene.Questions).ToHaveTextAsync("Go on");
    }

    [Fact]
    public async Task Send_EndsBeforeThePageIsTold_IsProvenAllTheSame()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await scene.Page.AddInitScriptAsync("delete window.SharedWorker");
        await scene.Page.RouteAsync("**/WatchSession", async route =>
        {
            await ready.Task;
            await route.ContinueAsync();
        });
        await scene.Page.ReloadAsync();
        await scene.SendAsync("One");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("alpha");
        await scene.SavedAsync(Convert.ToHexStringLower(SHA256.HashData("alpha"u8)));

        ready.SetResult();

        await Expect(scene.Prose).ToHaveTextAsync("alpha");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task LoadWhatWasSaved_ServiceIsGone_KeepsWhatIsShown()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await scene.SendAsync("Say a word");
        var events = ForgedTurn.Honest();
        events[1].Token.Text = "Ward";
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(events)]);
        await scene.KillServiceAsync();

        await scene.Button("Load what was saved").ClickAsync();

        await Expect(scene.Page.GetByText("The messages cannot be loaded")).ToBeVisibleAsync();
        await Expect(scene.Prose).ToHaveTextAsync("Ward");
    }

    // The first such call waits for the test; those after it go through.
    private static async Task<TaskCompletionSource<IRoute>> HoldAsync(IPage page, string url)
    {
        var held = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(url, route => held.TrySetResult(route) ? Task.CompletedTask : route.ContinueAsync());
        return held;
    }
}
