using Chat.V1;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class ProofTests(Chromium browser)
{
    [Fact]
    public async Task Stream_Honest_IsWhole()
    {
        await using var scene = await ReadAsync(ForgedTurn.Honest());

        await Expect(scene.Prose).ToHaveTextAsync("Word");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Stream_TextIsAnother_IsTold()
    {
        var events = ForgedTurn.Honest();
        events[1].Token.Text = "Ward";
        await using var scene = await ReadAsync(events);

        await Expect(scene.Notes).ToContainTextAsync("This text is not the one that the service saved.");
        await Expect(scene.Figures).Not.ToContainTextAsync("✓");
    }

    [Fact]
    public async Task Stream_AnEventIsMissing_IsTold()
    {
        var events = ForgedTurn.Honest();
        events.RemoveAt(2);
        await using var scene = await ReadAsync(events);

        await Expect(scene.Notes).ToContainTextAsync("Events were lost, repeated or out of order");
        await Expect(scene.Figures).Not.ToContainTextAsync("✓");
    }

    [Fact]
    public async Task Stream_EventsOutOfOrder_IsTold()
    {
        List<StreamChatResponse> events =
        [
            ForgedTurn.Info(), .. ForgedTurn.Words("one ", "two ", "three"), .. ForgedTurn.Ending(3, "one two three"),
        ];
        (events[1], events[2]) = (events[2], events[1]);
        await using var scene = await ReadAsync(events);

        await Expect(scene.Notes).ToContainTextAsync("Events were lost, repeated or out of order");
    }

    [Fact]
    public async Task Stream_AnEventComesTwice_IsTold()
    {
        var events = ForgedTurn.Honest();
        events.Insert(2, events[1]);
        await using var scene = await ReadAsync(events);

        await Expect(scene.Prose).ToHaveTextAsync("Word");
        await Expect(scene.Notes).ToContainTextAsync("Events were lost, repeated or out of order");
    }

    [Fact]
    public async Task Stream_CountsMoreThanCame_IsTold()
    {
        var events = ForgedTurn.Honest();
        events[^1].StreamEnd.LastSequence = 5;
        await using var scene = await ReadAsync(events);

        await Expect(scene.Notes).ToContainTextAsync("Events are missing at the end");
    }

    [Fact]
    public async Task Stream_TextIsWithdrawn_OnlyTheRestIsShown()
    {
        List<StreamChatResponse> events =
        [
            ForgedTurn.Info(), .. ForgedTurn.Words("Word", "s that go"),
            new() { Sequence = 3, Retract = new() { AfterSequence = 1 } },
            new() { Sequence = 4, Warning = new() { Code = "FALLBACK_MODEL", Message = "Another model goes on." } },
            .. ForgedTurn.Ending(4, "Word"),
        ];
        await using var scene = await ReadAsync(events);

        await Expect(scene.Prose).ToHaveTextAsync("Word");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Answer.Locator(".tries")).ToContainTextAsync("Another model goes on.");
    }

    private async Task<PageScene> ReadAsync(IEnumerable<StreamChatResponse> events)
    {
        var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(events)]);
        await Expect(scene.Answer).ToHaveAttributeAsync("aria-busy", "false");
        return scene;
    }
}
