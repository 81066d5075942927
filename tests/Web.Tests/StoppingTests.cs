using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class StoppingTests(Chromium browser)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_InMidAnswer_EndsItAtTheServiceAndKeepsTheText(bool byKey)
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on for ever");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far as here");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");

        await (byKey ? scene.Page.Keyboard.PressAsync("Escape") : scene.Button("Stop").ClickAsync());

        await exchange.Aborted.WaitAsync(ChatGrpc.TestKit.WaitLimit.Default);
        await Expect(scene.Notes).ToContainTextAsync("Stopped. What there is of the answer is saved.");
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await Expect(scene.Figures).ToContainTextAsync("✓ as saved");
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Stop_BeforeTheFirstWord_EndsItToo()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Think");
        var exchange = await scene.StandIn.NextRequestAsync();

        await scene.Button("Stop").ClickAsync();

        await exchange.Aborted.WaitAsync(ChatGrpc.TestKit.WaitLimit.Default);
        await Expect(scene.Notes).ToContainTextAsync("Stopped.");
    }

    [Fact]
    public async Task Stop_BeforeTheServiceHasSaidAnything_IsRememberedUntilItDoes()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        var sent = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await scene.Page.RouteAsync("**/StreamChat", sent.SetResult);
        await scene.SendAsync("Think");
        var held = await sent.Task.WaitAsync(ChatGrpc.TestKit.WaitLimit.Default);

        await scene.Button("Stop").ClickAsync();
        await Expect(scene.Button("Stopping…")).ToBeVisibleAsync();
        await held.ContinueAsync();

        await Expect(scene.Notes).ToContainTextAsync("Stopped. What there is of the answer is saved.");
    }
}
