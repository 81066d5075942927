using Chat.V1;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>A page that has asked, and a forged turn that answers as far as the test says.</summary>
internal sealed class ForgedScene : IAsyncDisposable
{
    private ForgedScene(PageScene page, ForgedService service) => (Page, Service) = (page, service);

    public PageScene Page { get; }

    public ForgedService Service { get; }

    /// <summary>The lines of tools in the last answer.</summary>
    public Microsoft.Playwright.ILocator Tools => Page.Answer.Locator(".tool");

    public Microsoft.Playwright.ILocator Panel => Page.Page.Locator("#documents");

    public static async Task<ForgedScene> AskAsync(
        Chromium browser, params IEnumerable<StreamChatResponse> events)
    {
        var page = await PageScene.OpenAsync(browser);
        var scene = new ForgedScene(page, await ForgedService.StandBeforeAsync(page.Page));
        await page.SendAsync("Say a word");
        await scene.Service.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told([ForgedTurn.Info(), .. events])]);
        return scene;
    }

    /// <summary>As that, and the turn ends by what follows these events.</summary>
    /// <param name="text">The answer's.</param>
    public static async Task<ForgedScene> AskToTheEndAsync(
        Chromium browser, string text, params StreamChatResponse[] events)
    {
        var scene = await AskAsync(browser, [.. events, .. ForgedTurn.Ending(events.Length, text)]);
        await Expect(scene.Page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        return scene;
    }

    /// <summary>A page on a session that has these messages, and whose watch is open.</summary>
    public static async Task<(ForgedScene Scene, ForgedSession Session)> OpenAsync(
        Chromium browser, params Message[] messages)
    {
        var page = await PageScene.OpenAsync(browser);
        var scene = new ForgedScene(page, await ForgedService.StandBeforeAsync(page.Page));
        var session = await ForgedSession.StandBeforeAsync(scene.Service, messages);
        await page.Page.GotoAsync($"{page.Address}#/forged");
        await scene.Service.NextWatchAsync();
        return (scene, session);
    }

    /// <summary>The turn goes on by the watch that the page opens next.</summary>
    /// <param name="after">So many events were told before.</param>
    public async Task GoOnAsync(long after, params IEnumerable<StreamChatResponse> events)
    {
        await Service.NextWatchAsync();
        await Service.TellAsync(ForgedTurn.Told([ForgedTurn.Info(resumedAfter: after), .. events]));
    }

    /// <summary>The page is loaded again, and these are the messages that are saved.</summary>
    public async Task ReloadAsync(params Message[] messages)
    {
        await ForgedSession.StandBeforeAsync(Service, messages);
        await Page.Page.ReloadAsync();
    }

    public ValueTask DisposeAsync() => Page.DisposeAsync();
}
