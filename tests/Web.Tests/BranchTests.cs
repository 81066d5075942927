using Chat.V1;
using static Microsoft.Playwright.Assertions;
using static Web.Tests.ForgedSession;

namespace Web.Tests;

/// <summary>Several messages in one place: one of them is shown, with the way to the others.</summary>
public sealed class BranchTests(Chromium browser)
{
    // Of two questions the second was asked once more, and that answered twice.
    private static readonly Message[] Messages =
    [
        Said("01q", "", "Question"), Said("02a", "01q", "Answer"),
        Said("03q", "02a", "Old", "03q", "05q"), Said("04a", "03q", "To old"),
        Said("05q", "02a", "New", "03q", "05q"), Said("06a", "05q", "To new", "06a", "07a"),
        Said("07a", "05q", "To new again", "06a", "07a"),
    ];

    [Fact]
    public async Task Pager_Used_TurnsToTheOtherBranchAndKeepsTheFocus()
    {
        var (forged, session) = await ForgedScene.OpenAsync(browser, Messages);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "New", "To new again"]);
        await Expect(scene.Versions).ToHaveTextAsync(["2 / 2", "2 / 2"]);

        await scene.Button("Previous version").First.FocusAsync();
        await scene.Page.Keyboard.PressAsync("Enter");

        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "Old", "To old"]);
        await Expect(scene.Versions).ToHaveTextAsync(["1 / 2"]);
        await Expect(scene.Button("Previous version")).ToBeDisabledAsync();
        await Expect(scene.Button("Next version")).ToBeFocusedAsync();
        await Expect(scene.Page.GetByLabel("Version 1 of 2")).ToBeVisibleAsync();
        await scene.Page.Keyboard.PressAsync("Enter");
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "New", "To new again"]);
        Assert.Equal(["03q", "05q"], session.Selected);
    }

    [Fact]
    public async Task Pager_UsedQuickly_LastWishCounts()
    {
        var (forged, session) = await ForgedScene.OpenAsync(
            browser,
            [
                Said("01q", "", "Question"),
                .. Enumerable.Range(2, 4).Select(i => Said($"0{i}a", "01q", $"Answer {i}", "02a", "03a", "04a", "05a")),
            ]);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Versions).ToHaveTextAsync("4 / 4");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Ready = ready.Task;

        for (var i = 0; i < 3; i++)
        {
            await scene.Button("Previous version").ClickAsync();
        }

        await Expect(scene.Versions).ToHaveTextAsync("1 / 4");
        ready.SetResult();
        await Expect(scene.Prose).ToHaveTextAsync("Answer 2");
        await Expect(scene.Versions).ToHaveTextAsync("1 / 4");
        Assert.Equal(["04a", "02a"], session.Selected);
    }

    [Fact]
    public async Task Pager_ServiceRefuses_IsToldAndStaysWhereItWas()
    {
        var (forged, _) = await ForgedScene.OpenAsync(browser, Messages);
        await using var scene = forged.Page;
        scene.Forgive();
        await forged.Service.ForgeAsync(
            "SelectBranch", SelectBranchRequest.Parser, _ => ([], "grpc-status: 14\r\ngrpc-message: Not now."));

        await scene.Button("Previous version").First.ClickAsync();

        await Expect(scene.Page.GetByText("The other version cannot be shown: Not now.")).ToBeVisibleAsync();
        await Expect(scene.Versions).ToHaveTextAsync(["2 / 2", "2 / 2"]);
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "New", "To new again"]);
    }

    [Fact]
    public async Task Watch_TellsOfAnotherBranch_CountsItAndShowsWhatItShowed()
    {
        var (forged, _) = await ForgedScene.OpenAsync(browser, Messages);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Versions).ToHaveTextAsync(["2 / 2", "2 / 2"]);

        await forged.Service.TellAsync(
        [
            new() { Message = Said("08q", "02a", "Newest", "03q", "05q", "08q") },
            new() { Message = Said("09a", "08q", "To newest") },
        ]);

        await Expect(scene.Versions).ToHaveTextAsync(["2 / 3", "2 / 2"]);
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "New", "To new again"]);
    }

    [Fact]
    public async Task Watch_TellsAnotherHead_ThatBranchIsShown()
    {
        var (forged, session) = await ForgedScene.OpenAsync(browser, Messages);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Versions).ToHaveTextAsync(["2 / 2", "2 / 2"]);

        session.Head = "04a";
        await forged.Service.TellAsync([new() { Session = session.Session }]);

        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "Old", "To old"]);
        Assert.Empty(session.Selected);
    }

    [Fact]
    public async Task Answer_WhileAnotherVersionIsShown_GoesOn()
    {
        var (forged, session) = await ForgedScene.OpenAsync(
            browser, Said("01q", "", "Question"), Said("message-1a", "01q", "First", "message-1a", "message-2"));
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "First"]);
        var placeholder = ForgedTurn.Answer(StreamState.Running, "");
        placeholder.ParentMessageId = "01q";
        placeholder.SiblingMessageIds.Add(["message-1a", ForgedTurn.AnswerId]);
        session.Head = ForgedTurn.AnswerId;
        await forged.Service.TellAsync(
        [
            new() { Message = placeholder }, new() { Session = session.Session },
            .. ForgedTurn.Told([ForgedTurn.Info(), .. ForgedTurn.Words("one ")]),
        ]);
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "one"]);
        await Expect(scene.Versions).ToHaveTextAsync("2 / 2");

        await scene.Button("Previous version").ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "First"]);
        await Expect(scene.Button("Stop")).ToBeVisibleAsync();
        await forged.GoOnAsync(1, [.. ForgedTurn.WordsFrom(2, "two"), .. ForgedTurn.Ending(2, "one two")]);
        await Expect(scene.Button("Stop")).ToBeHiddenAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "First"]);
        await scene.Button("Next version").ClickAsync();

        await Expect(scene.Texts).ToHaveTextAsync(["Question", "one two"]);
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Earlier_OfALongBranch_AreThoseOfTheBranch()
    {
        var (forged, session) = await ForgedScene.OpenAsync(browser, Messages);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Texts).ToHaveCountAsync(4);
        session.LargestPage = 2;

        await scene.Page.ReloadAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["New", "To new again"]);
        await scene.Button("Earlier messages").ClickAsync();

        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer", "New", "To new again"]);
        await Expect(scene.Button("Earlier messages")).ToBeHiddenAsync();
        Assert.Equal(["07a", "07a", "02a"], session.Listed);
    }

    [Fact]
    public async Task Pager_OfRightToLeftText_HasTheFirstAtTheLeft()
    {
        var (forged, _) = await ForgedScene.OpenAsync(
            browser,
            Said("01q", "", "مرحبا", "01q", "03q"), Said("02a", "01q", "أهلا"), Said("03q", "", "سلام", "01q", "03q"));
        await using var scene = forged.Page;
        scene.Forgive();
        var before = await scene.Button("Previous version").BoundingBoxAsync();
        var count = await scene.Versions.BoundingBoxAsync();
        var after = await scene.Button("Next version").BoundingBoxAsync();

        Assert.True(before!.X < count!.X && count.X < after!.X, $"{before.X}, {count.X}, {after!.X}");
        await Expect(scene.Versions).ToHaveTextAsync("2 / 2");
    }
}
