using Chat.V1;
using static Microsoft.Playwright.Assertions;
using static Web.Tests.ForgedTurn;

namespace Web.Tests;

/// <summary>A watch that breaks and goes on, told by a service that can be stopped at any event.</summary>
public sealed class ResumingTests(Chromium browser)
{
    [Fact]
    public async Task Watch_Cut_GoesOnWhereItWas()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("one ", "two ")]);
        await Expect(scene.Prose).ToHaveTextAsync("one two");

        await forged.NextWatchAsync();
        Assert.Equal("6", forged.Request.Cursor);
        await forged.TellAsync(
            Told([Info(resumedAfter: 2), .. WordsFrom(3, "three"), .. Ending(3, "one two three")]));

        await Expect(scene.Prose).ToHaveTextAsync("one two three");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Watch_TellsTheTurnAnew_ShowsNothingTwice()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("one ", "two ")]);
        await Expect(scene.Prose).ToHaveTextAsync("one two");

        await forged.NextWatchAsync();
        await forged.TellAsync(Told([Info(), .. Words("one ", "two ", "three"), .. Ending(3, "one two three")]));

        await Expect(scene.Prose).ToHaveTextAsync("one two three");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Watch_TurnHasANewOwner_WithdrawsWhatItDoesNotKnow()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("kept ", "lost ", "lost, too")]);
        await Expect(scene.Prose).ToHaveTextAsync("kept lost lost, too");

        await forged.NextWatchAsync();
        await forged.TellAsync(
            Told([Info(resumedAfter: 1, epoch: 2), .. WordsFrom(2, "new"), .. Ending(2, "kept new")]));

        await Expect(scene.Prose).ToHaveTextAsync("kept new");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Watch_TurnEndedInBetween_ShowsTheMessageAsItIs()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("kept ", "lost")]);
        await Expect(scene.Prose).ToHaveTextAsync("kept lost");

        await forged.NextWatchAsync();
        await forged.TellAsync([Final(StreamState.Interrupted, "kept *")]);

        await Expect(scene.Prose).ToHaveTextAsync("kept *");
        await Expect(scene.Notes).ToContainTextAsync("The service stopped in the middle of this answer.");
        await Expect(scene.Button("Continue")).ToBeVisibleAsync();
        await Expect(scene.Button("Send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Watch_TurnFailedInBetween_TellsWhy()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("as far ")]);
        await Expect(scene.Prose).ToHaveTextAsync("as far");
        forged.OnSend = _ => (
            [Info(resumedAfter: 1), .. WordsFrom(2, "as here"), .. Failing(2, "as far as here", "PROVIDER_ERROR")],
            ForgedService.Ok);

        await forged.NextWatchAsync();
        await forged.TellAsync([Final(StreamState.Failed, "as far as here")]);

        await Expect(scene.Notes).ToContainTextAsync("PROVIDER_ERROR");
        await Expect(scene.Notes).ToHaveCountAsync(1);
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await Expect(scene.Figures).ToContainTextAsync("✓ as saved");
        Assert.Equal(new Resume { StreamId = StreamId, Epoch = 1, AfterSequence = 1 }, forged.Sent[^1].Request.Resume);
    }

    [Fact]
    public async Task Watch_ReadingSkipsEvents_IsTold()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("one ")]);
        await forged.NextWatchAsync();
        await forged.TellAsync(Told([Info(resumedAfter: 2), .. WordsFrom(3, "three"), .. Ending(3, "one three")]));

        await Expect(scene.Notes).ToContainTextAsync("Events were lost, repeated or out of order");
    }

    [Fact]
    public async Task Watch_CursorIsRefused_BeginsAnew()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await BeginAsync(scene, [Info(), .. Words("one ")]);
        await forged.NextWatchAsync();
        Assert.NotEmpty(forged.Request.Cursor);
        await forged.TellAsync([], "grpc-status: 3");

        await forged.NextWatchAsync();
        Assert.Empty(forged.Request.Cursor);
        await forged.TellAsync(
            [.. Opening(), .. Told([Info(), .. Words("one ", "two"), .. Ending(2, "one two")])]);

        await Expect(scene.Prose).ToHaveTextAsync("one two");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Answers).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Send_ConnectionBreaksBeforeTheAnswer_IsSentAgainAsTheSame()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        forged.OnSend = _ => forged.Sent.Count < 3 ? ([], ForgedService.Cut) : ([Info()], ForgedService.Ok);

        await scene.SendAsync("Say a word");
        await Expect(scene.Notes).ToContainTextAsync("The message is sent again by itself.");
        await forged.TellAsync([.. Opening(), .. Told(Honest())]);

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
        await Expect(scene.Page.Locator(".bubble")).ToHaveCountAsync(1);
        await Expect(scene.Answers).ToHaveCountAsync(1);
        Assert.Equal(3, forged.Sent.Count);
        Assert.Single(forged.Sent.Distinct());
    }

    [Fact]
    public async Task Send_WatchIsQuickerThanItsAnswer_IsShownOnce()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        forged.Ready = ready.Task;
        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. Opening(), .. Told(Honest())]);
        await Expect(scene.Rows).ToHaveTextAsync("Forged");
        await Expect(scene.Questions).ToHaveCountAsync(1);
        await Expect(scene.Answers).ToHaveCountAsync(1);

        ready.SetResult();

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Questions).ToHaveTextAsync("Say a word");
        await Expect(scene.Answers).ToHaveCountAsync(1);
    }

    private static async Task<ForgedService> BeginAsync(PageScene scene, IEnumerable<StreamChatResponse> events)
    {
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. Opening(), .. Told(events)]);
        return forged;
    }
}
