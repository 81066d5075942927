using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>An answer that goes on while the page, its tab, its connection or the service does not.</summary>
public sealed class ReattachingTests(Chromium browser)
{
    [Fact]
    public async Task Reload_InMidAnswer_ShowsTheAnswerGoingOn()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);

        await scene.Page.ReloadAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await exchange.WriteTextAsync(", and on");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await exchange.FinishAsync();

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Questions).ToHaveTextAsync("Go on");
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SecondTab_OnTheSameSession_ShowsWhatTheFirstSends()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);
        var other = await scene.OpenTabAsync(scene.Session);
        await Expect(other.Prose).ToHaveTextAsync("as far as here");
        await exchange.WriteTextAsync(", and on");
        await exchange.FinishAsync();
        await Expect(other.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(other.Figures).ToContainTextAsync("✓ whole");

        await other.SendAsync("Once more");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("here it is");

        await Expect(scene.Questions).ToHaveTextAsync(["Go on", "Once more"]);
        await Expect(scene.Prose).ToHaveTextAsync("here it is");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Answers).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Stop_InAnotherTab_EndsIt()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);
        var other = await scene.OpenTabAsync(scene.Session);

        await other.Button("Stop").ClickAsync();

        await exchange.Aborted.InTime();
        await Expect(scene.Notes).ToContainTextAsync("Stopped.");
        await Expect(other.Notes).ToContainTextAsync("Stopped.");
        await Expect(scene.Figures).ToContainTextAsync("✓ as saved");
    }

    [Fact]
    public async Task Service_KilledInMidAnswer_KeepsThePartAndContinues()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far as here");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");

        // What is shown and not saved yet would be gone, and rightly so.
        await scene.SavedAsync("as far as here");
        await scene.KillServiceAsync();
        await exchange.Aborted.InTime();
        await Expect(scene.Page.Locator("#link")).ToContainTextAsync("The service does not answer.");
        await scene.StartServiceAsync();

        await Expect(scene.Button("Continue")).ToBeVisibleAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await Expect(scene.Page.Locator("#link")).ToBeHiddenAsync();
        await scene.Button("Continue").ClickAsync();
        var next = await scene.StandIn.NextRequestAsync();
        await next.AnswerAsync(", and on");

        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await scene.Page.ReloadAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(scene.Answers).ToHaveCountAsync(1);
        await Expect(scene.Questions).ToHaveTextAsync("Go on");
    }

    [Fact]
    public async Task Network_CutInMidAnswer_BringsTheRestWhenItIsBack()
    {
        await using var scene = await PageScene.OpenByNetworkAsync(browser);
        scene.Forgive();
        var exchange = await BeginAsync(scene);
        for (var i = 1; i <= 3; i++)
        {
            scene.Network!.Cut();
            await exchange.WriteTextAsync($", cut {i}");
            await Expect(scene.Page.Locator("#link")).ToBeVisibleAsync();
            scene.Network.Restore();
            await Expect(scene.Prose).ToContainTextAsync($", cut {i}");
        }

        await exchange.FinishAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here, cut 1, cut 2, cut 3");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Tab_FrozenInMidAnswer_HasItAllWhenItThaws()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);
        var tools = await scene.Page.Context.NewCDPSessionAsync(scene.Page);
        await tools.SendAsync("Page.setWebLifecycleState", new() { ["state"] = "frozen" });
        var other = await scene.OpenTabAsync(scene.Session);
        await exchange.WriteTextAsync(", and on");
        await exchange.FinishAsync();
        await Expect(other.Figures).ToContainTextAsync("✓ whole");

        await tools.SendAsync("Page.setWebLifecycleState", new() { ["state"] = "active" });

        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Tab_WithoutSharedWorkers_FollowsByItself()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.Page.AddInitScriptAsync("delete window.SharedWorker");
        await scene.Page.ReloadAsync();
        var exchange = await BeginAsync(scene);
        await scene.Page.ReloadAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await exchange.WriteTextAsync(", and on");
        await exchange.FinishAsync();

        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task BackAndForward_InMidAnswer_ShowItGoingOn()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);
        var session = scene.Session;
        await scene.Button("New chat").ClickAsync();
        await Expect(scene.Answers).ToHaveCountAsync(0);

        await scene.Page.GoBackAsync();
        Assert.Equal(session, scene.Session);
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await scene.Page.GoForwardAsync();
        await exchange.WriteTextAsync(", and on");
        await exchange.FinishAsync();
        await Expect(scene.Answers).ToHaveCountAsync(0);
        await scene.Page.GoBackAsync();

        await Expect(scene.Prose).ToHaveTextAsync("as far as here, and on");
        await Expect(scene.Questions).ToHaveTextAsync("Go on");
    }

    [Fact]
    public async Task Reload_AfterAnAnswerOfTheLongestLength_SaysSo()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var exchange = await BeginAsync(scene);
        await exchange.FinishAsync("length");
        await Expect(scene.Notes).ToContainTextAsync("The answer reached its longest length");

        await scene.Page.ReloadAsync();

        await Expect(scene.Notes).ToContainTextAsync("The answer reached its longest length");
    }

    private static async Task<ProviderExchange> BeginAsync(PageScene scene)
    {
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far as here");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        return exchange;
    }
}
