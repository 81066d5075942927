using Chat.V1;
using static Microsoft.Playwright.Assertions;
using static Web.Tests.ForgedSession;

namespace Web.Tests;

/// <summary>What was said, found again.</summary>
public sealed class SearchTests(Chromium browser)
{
    private readonly List<SearchMessagesRequest> _asked = [];

    [Fact]
    public async Task Hits_WithEmojiBeforeAMatch_MarkTheMatch()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await ForgeAsync(scene, _ => new()
        {
            Hits =
            {
                Hit("<b>Gruß</b>", "02a", "👩‍👩‍👧 und 𠀀: Grüße, <i>grüße</i>", (13, 18), (23, 28)),
                Hit("Grüße 🌍", "", "Grüße 🌍", (0, 5)),
            },
        });

        await scene.Search.FillAsync("grüße");

        await Expect(scene.Hits).ToHaveCountAsync(2);
        await Expect(scene.Hits.First.Locator("mark")).ToHaveTextAsync(["Grüße", "grüße"]);
        await Expect(scene.Hits.First.Locator(".hit-text")).ToHaveTextAsync("👩‍👩‍👧 und 𠀀: Grüße, <i>grüße</i>");
        await Expect(scene.Hits.First.Locator(".hit-title")).ToHaveTextAsync("<b>Gruß</b>");
        await Expect(scene.Hits.Last.Locator("mark")).ToHaveTextAsync("Grüße");
        await Expect(scene.Hits.Last).ToHaveAttributeAsync("href", "#/forged");
        await Expect(scene.Found).ToHaveTextAsync("2 results");
        await Expect(scene.Page.Locator("#sessions")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Words_TypedWhileTheServiceSearches_AreAskedForOnceAndAlone()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ForgeAsync(
            scene, request => new() { Hits = { Hit($"About {request.Query}", "", request.Query) } }, () => ready.Task);
        await scene.Page.RunAndWaitForRequestAsync(
            () => scene.Search.FillAsync("ab"), request => request.Url.EndsWith("/SearchMessages"));
        await scene.Search.PressSequentiallyAsync("cde");

        ready.SetResult();

        await Expect(scene.Hits.Locator(".hit-title")).ToHaveTextAsync(["abcde"]);
        Assert.Equal(["ab", "abcde"], _asked.Select(request => request.Query));
    }

    [Fact]
    public async Task Words_TooShortUnknownOrNone_AreToldInWords()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await ForgeAsync(scene, _ => new());

        await scene.Search.FillAsync("a");
        await Expect(scene.Found).ToHaveTextAsync("Write two letters or more.");
        await scene.Search.FillAsync("字字");
        await Expect(scene.Found).ToHaveTextAsync("Nothing was found.");
        await scene.Search.FillAsync("");

        await Expect(scene.Page.Locator("#hits")).ToBeHiddenAsync();
        await Expect(scene.Page.Locator("#sessions")).ToBeVisibleAsync();
        Assert.Equal("字字", Assert.Single(_asked).Query);
    }

    [Fact]
    public async Task Search_Refused_SaysWhyAndGoesOn()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await forged.ForgeAsync(
            "SearchMessages",
            SearchMessagesRequest.Parser,
            request => request.Query.Length > 2
                ? ([], "grpc-status: 3\r\ngrpc-message: A query has at most 500 characters.")
                : ([new SearchMessagesResponse { Hits = { Hit("Found", "", "ab") } }], ForgedService.Ok));

        await scene.Search.FillAsync(new string('x', 10_000));
        await Expect(scene.Found).ToHaveTextAsync("A query has at most 500 characters.");
        await scene.Search.FillAsync("ab");

        await Expect(scene.Hits).ToHaveCountAsync(1);
        await Expect(scene.Found).ToHaveTextAsync("1 result");
    }

    [Fact]
    public async Task MoreResults_Asked_AreTheNextPage()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        await ForgeAsync(scene, request => request.PageToken == ""
            ? new() { Hits = { Hit("One", "", "One") }, NextPageToken = "further" }
            : new() { Hits = { Hit("Two", "", "Two") } });
        await scene.Search.FillAsync("ab");
        await Expect(scene.Found).ToHaveTextAsync("1 result, and there are more");

        await scene.Button("More results").ClickAsync();

        await Expect(scene.Hits.Locator(".hit-title")).ToHaveTextAsync(["One", "Two"]);
        await Expect(scene.Button("More results")).ToBeHiddenAsync();
        Assert.Equal([("ab", ""), ("ab", "further")], _asked.Select(request => (request.Query, request.PageToken)));
    }

    [Fact]
    public async Task Hit_FarUpOnTheBranch_IsGoneToAndMarked()
    {
        var messages = Enumerable.Range(10, 40).Select(i => Said($"{i}q", i == 10 ? "" : $"{i - 1}q", $"Message {i}"));
        var (forged, session) = await ForgedScene.OpenAsync(browser, [.. messages]);
        await using var scene = forged.Page;
        scene.Forgive();
        await Expect(scene.Texts).ToHaveCountAsync(40);
        session.LargestPage = 10;
        await scene.Page.ReloadAsync();
        await Expect(scene.Texts).ToHaveCountAsync(10);
        await ForgeAsync(scene, _ => new() { Hits = { Hit("Forged", "15q", "Message 15", (8, 10)) } });
        await scene.Page.Keyboard.PressAsync("Control+k");
        await scene.Page.Keyboard.TypeAsync("15");
        await Expect(scene.Hits).ToHaveCountAsync(1);

        await scene.Page.Keyboard.PressAsync("Tab");
        await scene.Page.Keyboard.PressAsync("Enter");

        var message = scene.Page.Locator(".question", new() { HasText = "Message 15" });
        await Expect(message).ToBeFocusedAsync();
        await Expect(message).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(message).ToHaveClassAsync("question found");
        await Expect(scene.Page).ToHaveURLAsync($"{scene.Address}#/forged");
        Assert.Empty(session.Selected);
        await scene.Field.FocusAsync();
        await Expect(message).ToHaveClassAsync("question");
    }

    [Fact]
    public async Task Hit_OnAnotherBranch_TurnsToIt()
    {
        var (forged, session) = await ForgedScene.OpenAsync(
            browser,
            Said("01q", "", "Question"), Said("02a", "01q", "Forgotten answer", "02a", "03a"),
            Said("03a", "01q", "Answer", "02a", "03a"));
        await using var scene = forged.Page;
        scene.Forgive();
        await ForgeAsync(scene, _ => new() { Hits = { Hit("Forged", "02a", "Forgotten answer", (0, 9)) } });
        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Answer"]);
        await scene.Search.FillAsync("forgotten");

        await scene.Hits.ClickAsync();

        await Expect(scene.Texts).ToHaveTextAsync(["Question", "Forgotten answer"]);
        await Expect(scene.Answer).ToBeFocusedAsync();
        await Expect(scene.Versions).ToHaveTextAsync("1 / 2");
        Assert.Equal(["02a"], session.Selected);
    }

    [Fact]
    public async Task Escape_InTheField_LeavesTheSearchAndNotTheAnswer()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far");
        await Expect(scene.Prose).ToHaveTextAsync("as far");
        await scene.Search.FillAsync("a");

        await scene.Search.PressAsync("Escape");

        await Expect(scene.Field).ToBeFocusedAsync();
        await Expect(scene.Search).ToHaveValueAsync("");
        await exchange.WriteTextAsync(" as here");
        await exchange.FinishAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    private static SearchHit Hit(
        string title, string messageId, string snippet, params (int Start, int End)[] matches) => new()
        {
            SessionId = "forged",
            SessionTitle = title,
            MessageId = messageId,
            Snippet = snippet,
            Matches = { matches.Select(match => new TextSpan { Start = match.Start, End = match.End }) },
        };

    private async Task ForgeAsync(
        PageScene scene, Func<SearchMessagesRequest, SearchMessagesResponse> find, Func<Task>? ready = null)
    {
        await scene.Page.RouteAsync("**/SearchMessages", async route =>
        {
            var request = ForgedService.Parse(SearchMessagesRequest.Parser, route);
            _asked.Add(request);
            await (ready?.Invoke() ?? Task.CompletedTask);
            await ForgedService.AnswerAsync(route, [find(request)], ForgedService.Ok);
        });
    }
}
