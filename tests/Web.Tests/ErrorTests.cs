using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed partial class ErrorTests(Chromium browser)
{
    [Theory]
    [InlineData("fail=rate-limited retry-after=3s", "PROVIDER_RATE_LIMITED", "Try again in 3 s.")]
    [InlineData("fail=authentication", "PROVIDER_AUTHENTICATION", "needs a look by whoever runs it")]
    [InlineData("fail=content-filtered", "CONTENT_FILTERED", "Say it in other words")]
    [InlineData("cut", "PROVIDER_STREAM_CUT", "What you see is all that came.")]
    public async Task Send_AnswerFails_IsToldInWordsAndKeepsTheText(string ending, string reason, string advice)
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync($"/demo tokens=20 rate=max {ending} after=3");

        await Expect(scene.Notes).ToHaveCountAsync(1);
        await Expect(scene.Notes).ToContainTextAsync(reason);
        await Expect(scene.Notes).ToContainTextAsync(advice);
        await Expect(scene.Notes).ToHaveAttributeAsync("role", "alert");
        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo charlie");
        await Expect(scene.Figures).ToContainTextAsync("✓ as saved");
        await Expect(scene.Answer).Not.ToContainTextAsync(StatusInBrackets());
    }

    [Fact]
    public async Task SendAgain_AfterAFailureThatMayPass_SendsTheSame()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.AskAsync("/demo fail=network");

        await scene.Button("Send again").ClickAsync();

        await Expect(scene.Answers).ToHaveCountAsync(2);
        await Expect(scene.Page.Locator(".bubble")).ToHaveTextAsync(["/demo fail=network", "/demo fail=network"]);
    }

    [Fact]
    public async Task Send_RequestIsWrong_TheServicesSentenceIsShown()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.SendAsync(new string('x', 100_001));

        await Expect(scene.Notes).ToContainTextAsync("message: ");
        await Expect(scene.Notes).ToContainTextAsync("100000");
        await Expect(scene.Notes).Not.ToContainTextAsync(StatusInBrackets());
    }

    [Fact]
    public async Task Send_ServiceIsGone_IsToldAndArrivesWhenItIsBack()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.KillServiceAsync();
        await scene.SendAsync("/demo tokens=2 rate=max");

        await Expect(scene.Notes).ToContainTextAsync("The service does not answer. Is it running?");
        await Expect(scene.Button("Send again")).ToBeVisibleAsync();
        await scene.StartServiceAsync();

        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo");

        // Its proof is told to who watches: the turn may be over before the page does so again.
        await Expect(scene.Figures).ToContainTextAsync("2 tokens");
        await Expect(scene.Notes).ToHaveCountAsync(0);
        await Expect(scene.Questions).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Stop_WhileTheServiceIsGone_GivesUp()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await scene.KillServiceAsync();
        await scene.SendAsync("Hello");
        await Expect(scene.Notes).ToContainTextAsync("The message is sent again by itself.");

        await scene.Button("Stop").ClickAsync();

        await Expect(scene.Notes).ToContainTextAsync("Stopped before the service answered.");
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
    }

    // connect's errors begin with it: [unknown] Failed to fetch.
    [GeneratedRegex(@"\[\w+\]")]
    private static partial Regex StatusInBrackets();
}
