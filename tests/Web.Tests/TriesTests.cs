using Chat.V1;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>What is told of the models that were tried until one answered.</summary>
public sealed class TriesTests(Chromium browser)
{
    [Fact]
    public async Task Tries_WhileTheAnswerIsMade_TellTheNewestStep()
    {
        await using var scene = await ForgedScene.AskAsync(
            browser,
            Warning(1, "FALLBACK_NON_STREAMING", "demo is asked without streaming."),
            Warning(2, "FALLBACK_MODEL", "spare is asked in its place."));
        scene.Page.Forgive();

        await Expect(scene.Page.Answer.Locator(".tries summary")).ToHaveTextAsync("spare is asked in its place.");
        await Expect(scene.Page.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Tries_AtTheEnd_AreOneSentenceWithEachTryBehindIt()
    {
        await using var scene = await EndAsync(
            Try("demo-unreachable", StreamState.Failed, "PROVIDER_UNREACHABLE"),
            Try("demo-unreachable", StreamState.Failed, "PROVIDER_UNREACHABLE"),
            Try("demo-busy", StreamState.Failed, "PROVIDER_RATE_LIMITED"),
            Try("demo", StreamState.Completed));
        var line = scene.Page.Answer.Locator(".tries");

        await Expect(line.Locator("summary")).ToHaveTextAsync(
            "demo-unreachable did not answer, demo-busy was busy; demo answered after 4 tries.");
        await Expect(line.Locator("li").First).ToBeHiddenAsync();
        await line.Locator("summary").ClickAsync();
        await Expect(line.Locator("li")).ToHaveTextAsync(
        [
            "demo-unreachable failed with PROVIDER_UNREACHABLE after 0.25 s",
            "demo-unreachable failed with PROVIDER_UNREACHABLE after 0.25 s",
            "demo-busy failed with PROVIDER_RATE_LIMITED after 0.25 s",
            "demo answered after 0.25 s",
            "demo is asked in its place. (FALLBACK_MODEL)",
        ]);
    }

    [Fact]
    public async Task Tries_OfATurnWithToolsWhereNothingFailed_AreNotTold()
    {
        await using var page = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(page.Page);
        await page.SendAsync("Say a word");
        var events = ForgedTurn.Honest();
        events[^1].StreamEnd.Attempts.AddRange(
            [Try("demo", StreamState.Completed), Try("demo", StreamState.Completed)]);
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(events)]);

        await Expect(page.Figures).ToContainTextAsync("✓ whole");
        await Expect(page.Answer.Locator(".tries")).ToBeHiddenAsync();
    }

    private static StreamChatResponse Warning(long sequence, string code, string message) =>
        new() { Sequence = sequence, Warning = new() { Code = code, Message = message } };

    private static Attempt Try(string model, StreamState outcome, string reason = "") => new()
    {
        Model = model,
        ResolvedModel = model,
        Provider = "demo",
        Outcome = outcome,
        Reason = reason,
        DurationMs = 250,
    };

    private async Task<ForgedScene> EndAsync(params Attempt[] attempts)
    {
        var ending = ForgedTurn.Ending(2, "Word").ToList();
        ending[^1].StreamEnd.Attempts.AddRange(attempts);
        var scene = await ForgedScene.AskAsync(
            browser,
            [
                Warning(1, "FALLBACK_MODEL", "demo is asked in its place."), .. ForgedTurn.WordsFrom(2, "Word"),
                .. ending,
            ]);
        await Expect(scene.Page.Figures).ToContainTextAsync("✓ whole");
        return scene;
    }
}
