using System.Diagnostics;
using System.Globalization;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>More tabs than a browser has connections to a service of HTTP/1.1.</summary>
public sealed class TabsTests(Chromium browser)
{
    private const int Tabs = 7;
    private const int BrowserConnections = 6;
    private const string Watch = "POST /chat.v1.SessionService/WatchSession";

    [Fact]
    public async Task SevenTabs_EachWithAnAnswer_AreAllLiveAndAnEighthStops()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var running = new List<(PageTab Tab, ProviderExchange Exchange)>();
        for (var i = 1; i <= Tabs; i++)
        {
            var tab = i == 1 ? scene : await scene.OpenTabAsync();
            await tab.SendAsync($"Question {i}");
            var exchange = await scene.StandIn.NextRequestAsync();
            await exchange.StartStreamAsync();
            running.Add((tab, exchange));
        }

        for (var i = 1; i <= Tabs; i++)
        {
            await running[i - 1].Exchange.WriteTextAsync($"answer {i}");
            await Expect(running[i - 1].Tab.Prose).ToHaveTextAsync($"answer {i}");
        }

        Assert.InRange(ConnectionsTo(scene.Address.Port), 1, BrowserConnections);
        var eighth = await scene.OpenTabAsync(scene.Session);
        await Expect(eighth.Prose).ToHaveTextAsync("answer 1");
        var clock = Stopwatch.StartNew();
        await eighth.Button("Stop").ClickAsync();
        await running[0].Exchange.Aborted.InTime();
        await Expect(eighth.Notes).ToContainTextAsync("Stopped.");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        foreach (var (tab, exchange) in running.Skip(1))
        {
            await exchange.FinishAsync();
            await Expect(tab.Figures).ToContainTextAsync("✓ whole");
        }
    }

    [Fact]
    public async Task SevenTabs_OnOneSession_ShowTheSame()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far");
        await Expect(scene.Prose).ToHaveTextAsync("as far");
        var tabs = new List<PageTab> { scene };
        while (tabs.Count < Tabs)
        {
            tabs.Add(await scene.OpenTabAsync(scene.Session));
        }

        await exchange.WriteTextAsync(" as here");
        foreach (var tab in tabs)
        {
            await Expect(tab.Prose).ToHaveTextAsync("as far as here");
        }

        await exchange.FinishAsync();
        foreach (var tab in tabs)
        {
            await Expect(tab.Figures).ToContainTextAsync("✓ whole");
            await Expect(tab.Answers).ToHaveCountAsync(1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tab_Gone_IsFollowedNoLonger(bool byCrash)
    {
        await using var scene = await PageScene.OpenByNetworkAsync(browser);
        await scene.SendAsync("Stay");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("here");
        await Expect(scene.Figures).ToBeVisibleAsync();
        var other = await scene.OpenTabAsync();
        await other.SendAsync("Go");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("there");
        await Expect(other.Figures).ToBeVisibleAsync();
        var (stays, goes) = (scene.Session, other.Session);
        await scene.Network!.AskedAsync(Watch, asked => asked.Contains(stays) && asked.Contains(goes));

        if (byCrash)
        {
            await CrashAsync(other);
        }
        else
        {
            await other.Page.CloseAsync();
        }

        await scene.Network!.AskedAsync(Watch, asked => asked.Contains(stays) && !asked.Contains(goes));
    }

    private static async Task CrashAsync(PageTab tab)
    {
        var tools = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tab.Page.Crash += (_, _) => crashed.TrySetResult();
        // It is never answered: whoever would is gone.
        _ = tools.SendAsync("Page.crash").ContinueWith(end => _ = end.Exception, TaskScheduler.Default);
        await crashed.Task.InTime();
    }

    // Those that a client holds open to the port: its address is the remote one of the line, and 01 is ESTABLISHED.
    private static int ConnectionsTo(int port)
    {
        var remote = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        return File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => fields[2].EndsWith(remote, StringComparison.Ordinal) && fields[3] == "01");
    }
}
