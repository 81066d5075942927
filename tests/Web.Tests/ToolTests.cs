using Chat.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>What is seen of the tools that a model calls.</summary>
public sealed class ToolTests(Chromium browser)
{
    private const string Hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> **not bold**";

    [Fact]
    public async Task Tools_BetweenTwoTexts_StandThere()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser,
            "Let me see.It is ten.",
            [
                .. ForgedTurn.Words("Let me see."),
                ForgedTurn.Call(2, "a", "clock_now", whole: """{"zone":"Europe/Berlin","brief":true}"""),
                ForgedTurn.Result(3, "a", "10:00"),
                .. ForgedTurn.WordsFrom(4, "It is ten."),
            ]);

        await Expect(scene.Page.Prose).ToHaveTextAsync(["Let me see.", "It is ten."]);
        var places = await scene.Page.Answer.Locator(".answer-body").EvaluateAsync<string[]>(
            "body => [...body.children].map(child => child.className)");
        Assert.Equal(["prose", "tool-group", "prose"], places);
        await Expect(scene.Tools.Locator("summary"))
            .ToHaveTextAsync("clock_nowzone: Europe/Berlin, brief: true120 ms");
        await Expect(scene.Page.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Tool_Opened_ShowsArgumentsAsTheyComeThenProgressThenResult()
    {
        await using var scene = await ForgedScene.AskAsync(
            browser, ForgedTurn.Call(1, "a", "search", delta: "{\"q\":"));
        scene.Page.Forgive();
        await scene.Tools.Locator("summary").ClickAsync();
        var more = scene.Tools.Locator(".tool-more pre");
        await Expect(more).ToHaveTextAsync("{\"q\":");

        await scene.GoOnAsync(
            1,
            ForgedTurn.Call(2, "a", "search", delta: "\"x\"}"),
            ForgedTurn.Call(3, "a", "search", whole: "{\"q\":\"x\"}"),
            new() { Sequence = 4, ToolProgress = new() { Id = "a", Fraction = 0.25, Note = "page 1 of 4" } });
        await Expect(more).ToHaveTextAsync(["{\n  \"q\": \"x\"\n}", "25 % page 1 of 4"]);
        await Expect(scene.Tools.Locator("progress")).ToHaveAttributeAsync("value", "0.25");
        await Expect(scene.Tools.Locator(".tool-state")).ToHaveTextAsync("page 1 of 4");

        await scene.GoOnAsync(4, ForgedTurn.Result(5, "a", "nothing there", isError: true));
        await Expect(more).ToHaveTextAsync(["{\n  \"q\": \"x\"\n}", "nothing there"]);
        await Expect(scene.Tools).ToHaveAttributeAsync("data-state", "failed");
        await Expect(scene.Tools.Locator(".tool-state")).ToHaveTextAsync("failed after 120 ms");
    }

    [Fact]
    public async Task Tool_WhoseTextsAreMarkup_ShowsThemAsText()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser,
            "",
            ForgedTurn.Call(1, "a", "read", whole: "{\"path\":\"<img src=x onerror=alert(3)>\"}"),
            new() { Sequence = 2, ToolProgress = new() { Id = "a", Note = Hostile } },
            ForgedTurn.Result(3, "a", Hostile));
        await scene.Tools.Locator("summary").ClickAsync();

        await Expect(scene.Tools.Locator(".tool-more pre").Last).ToHaveTextAsync(Hostile);
        await Expect(scene.Tools.Locator("summary")).ToContainTextAsync("path: <img src=x onerror=alert(3)>");
        await Expect(scene.Page.Answer.Locator("img, script, strong")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Tools_ManyInARow_ShowTheNewestAndTheOthersByAButton()
    {
        var events = Enumerable.Range(0, 12).SelectMany(i => new[]
        {
            ForgedTurn.Call((2 * i) + 1, $"id-{i}", $"step_{i}", whole: "{}"),
            ForgedTurn.Result((2 * i) + 2, $"id-{i}", "", isError: i == 3),
        });
        await using var scene = await ForgedScene.AskToTheEndAsync(browser, "", [.. events]);

        await Expect(scene.Tools.Filter(new() { Visible = true })).ToHaveCountAsync(4);
        await scene.Page.Button("Show 8 earlier calls, 1 failed").ClickAsync();
        await Expect(scene.Tools.Filter(new() { Visible = true })).ToHaveCountAsync(12);
        await scene.Page.Button("Hide 8 earlier calls, 1 failed").ClickAsync();
        await Expect(scene.Tools.Filter(new() { Visible = true })).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Retract_AfterReasoningTextAndATool_TakesAllOfThemBack()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(
            browser,
            "One. Two.",
            [
                .. ForgedTurn.Words("One."),
                new() { Sequence = 2, Token = new() { Text = "Gone thought", Channel = TokenChannel.Reasoning } },
                ForgedTurn.Call(3, "a", "gone", whole: "{}"),
                ForgedTurn.Result(4, "a", "gone"),
                .. ForgedTurn.WordsFrom(5, " Gone."),
                new() { Sequence = 6, Retract = new() { AfterSequence = 1 } },
                new() { Sequence = 7, Token = new() { Text = "New thought", Channel = TokenChannel.Reasoning } },
                .. ForgedTurn.WordsFrom(8, " Two."),
            ]);

        await Expect(scene.Page.Prose).ToHaveTextAsync("One. Two.");
        await Expect(scene.Tools).ToHaveCountAsync(0);
        await Expect(scene.Page.Answer.Locator(".reasoning-text")).ToHaveTextAsync("New thought");
        await Expect(scene.Page.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Reload_AfterAnAnswerWithTools_ShowsTheSameLines()
    {
        await using var scene = await ForgedScene.AskToTheEndAsync(browser, "Word", [.. ForgedTurn.Words("Word")]);
        scene.Page.Forgive();
        var answer = ForgedTurn.Answer(StreamState.Completed, "Word");
        answer.ToolCalls.Add(ForgedTurn.Call(0, "a", "read", whole: "{\"path\":\"x\"}").ToolCall);
        answer.ToolCalls.Add(ForgedTurn.Call(0, "b", "write", whole: "{}").ToolCall);
        answer.ToolResults.Add(ForgedTurn.Result(0, "a", "text of x").ToolResult);

        await scene.ReloadAsync(ForgedTurn.Question, answer);

        await Expect(scene.Tools.Locator("summary")).ToHaveTextAsync(["readpath: x120 ms", "writenot finished"]);
        await scene.Tools.First.Locator("summary").ClickAsync();
        await Expect(scene.Tools.First.Locator("pre").Last).ToHaveTextAsync("text of x");
        await Expect(scene.Page.Prose).ToHaveTextAsync("Word");
    }

    [Fact]
    public async Task ClientTool_Waits_IsAnsweredFromThePageAndGoesOn()
    {
        var submitted = new List<SubmitToolResultRequest>();
        await using var scene = await ForgedScene.AskAsync(
            browser, ForgedTurn.Call(1, "ask", "ask_person", whole: "{\"q\":\"Colour?\"}", kind: ToolKind.Client));
        scene.Page.Forgive();
        await scene.Service.ForgeAsync("SubmitToolResult", SubmitToolResultRequest.Parser, request =>
        {
            submitted.Add(request);
            return ([new SubmitToolResultResponse { State = StreamState.Running }], ForgedService.Ok);
        });
        var field = scene.Page.Page.GetByLabel("Result of ask_person");
        await Expect(scene.Tools).ToHaveAttributeAsync("data-state", "waits");
        await field.FillAsync("{blue");
        await scene.Page.Page.GetByLabel("It is JSON").CheckAsync();
        await scene.Page.Button("Give the result").ClickAsync();
        await Expect(scene.Page.Page.GetByText("This is not JSON.")).ToBeVisibleAsync();
        Assert.Empty(submitted);

        await field.FillAsync("\"blue\"");
        await scene.Page.Button("Give the result").ClickAsync();
        await Expect(scene.Page.Page.GetByText("The result is given.")).ToBeVisibleAsync();
        await scene.GoOnAsync(
            1,
            [
                ForgedTurn.Result(2, "ask", "\"blue\""), .. ForgedTurn.WordsFrom(3, "Blue."),
                .. ForgedTurn.Ending(3, "Blue."),
            ]);

        await Expect(scene.Page.Prose).ToHaveTextAsync("Blue.");
        await Expect(scene.Page.Answer.Locator(".result-form")).ToHaveCountAsync(0);
        await Expect(scene.Tools).ToHaveAttributeAsync("data-state", "done");
        Assert.Equal(
            new SubmitToolResultRequest { StreamId = ForgedTurn.StreamId, ToolCallId = "ask", Json = "\"blue\"" },
            Assert.Single(submitted));
    }

    [Fact]
    public async Task ClientTool_ResultIsRefused_SaysWhyAndKeepsWhatWasTyped()
    {
        await using var scene = await ForgedScene.AskAsync(
            browser, ForgedTurn.Call(1, "ask", "ask_person", whole: "{}", kind: ToolKind.Client));
        scene.Page.Forgive();
        await scene.Service.ForgeAsync(
            "SubmitToolResult",
            SubmitToolResultRequest.Parser,
            _ => ([], "grpc-status: 6\r\ngrpc-message: This call has another result already."));
        var field = scene.Page.Page.GetByLabel("Result of ask_person");
        await field.FillAsync("blue");

        await scene.Page.Button("Give the result").ClickAsync();

        await Expect(scene.Page.Page.GetByText("This call has another result already.")).ToBeVisibleAsync();
        await Expect(field).ToHaveValueAsync("blue");
        await Expect(scene.Page.Button("Give the result")).ToBeEnabledAsync();
    }
}
