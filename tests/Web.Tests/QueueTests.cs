using ChatGrpc.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Messages that are written while an answer is.</summary>
public sealed class QueueTests(Chromium browser)
{
    [Fact]
    public async Task Send_WhileAnAnswerIsWritten_WaitsAndIsAnsweredInOrder()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("First");
        var first = await scene.StandIn.NextRequestAsync();
        await scene.SendAsync("Second");
        await scene.SendAsync("Third");

        await Expect(scene.Field).ToHaveValueAsync("");
        await Expect(scene.Questions).ToHaveTextAsync(["First", "Second", "Third"]);
        await Expect(scene.Answers.Nth(1)).ToContainTextAsync("will answer after the one before");
        await Expect(scene.Answers.Nth(2)).ToContainTextAsync("will answer after the one before");
        await first.AnswerAsync("one");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("two");
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("three");

        await Expect(scene.Answers.Locator(".prose")).ToHaveTextAsync(["one", "two", "three"]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Button("Stop")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Cancel_OfOneThatWaits_LeavesTheOthers()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("First");
        var first = await scene.StandIn.NextRequestAsync();
        await scene.SendAsync("Second");
        await Expect(scene.Answer).ToContainTextAsync("will answer after the one before");

        await scene.Answer.GetByText("Cancel").ClickAsync();

        await Expect(scene.Notes).ToContainTextAsync("Stopped.");
        await first.AnswerAsync("one");
        await Expect(scene.Answers.First.Locator(".prose")).ToHaveTextAsync("one");
        await Expect(scene.Button("Stop")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Stop_WhileAnotherWaits_EndsOnlyWhatIsWritten()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("First");
        var first = await scene.StandIn.NextRequestAsync();
        await scene.SendAsync("Second");
        await Expect(scene.Answer).ToContainTextAsync("will answer after the one before");

        await scene.Button("Stop").ClickAsync();
        await first.Aborted.InTime();
        await (await scene.StandIn.NextRequestAsync()).AnswerAsync("two");

        await Expect(scene.Prose).ToHaveTextAsync("two");
        await Expect(scene.Answers.First).ToContainTextAsync("Stopped.");
    }
}
