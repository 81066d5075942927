using Chat.V1;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>The page as a person sees it, in artifacts/screenshots; docs/page.png is one of them.</summary>
public sealed class ScreenshotTests(Chromium browser)
{
    private const string Folder = "screenshots";

    private static SearchMessagesResponse Hits => new()
    {
        Hits =
        {
            new SearchHit
            {
                SessionId = "forged",
                SessionTitle = "Forged",
                MessageId = "05a",
                Author = "forger",
                Snippet = "The plan has three steps, and each of them asks for a decision: who does it, and when?",
                Matches = { new TextSpan { Start = 4, End = 8 } },
            },
            new SearchHit
            {
                SessionId = "forged", Snippet = "Plan", Matches = { new TextSpan { Start = 0, End = 4 } },
            },
        },
    };

    [Theory]
    [InlineData("light", ColorScheme.Light, 1280, 800)]
    [InlineData("dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("narrow", ColorScheme.Light, 390, 780)]
    public async Task Page_InEachForm_FitsItsWindow(string name, ColorScheme colors, int width, int height)
    {
        await using var scene = await PageScene.OpenAsync(
            browser, new() { ColorScheme = colors, ViewportSize = new() { Width = width, Height = height } });
        using (var seed = new Seed(scene.Address))
        {
            foreach (var message in (string[])["How do I use a real model?", "مرحبا", "What are sessions?", "Hello"])
            {
                await seed.SayAsync("", message);
            }
        }

        await scene.Page.ReloadAsync();
        await Expect(scene.Rows).ToHaveCountAsync(4);
        await ShootAsync(scene, $"{name}-welcome");
        await scene.AskAsync("Show me Markdown with a table and code");
        await ShootAsync(scene, name);
        await scene.AskAsync("/demo tokens=40 rate=max reasoning=5 fail=rate-limited after=30 retry-after=3s");
        await ShootAsync(scene, $"{name}-failure");

        var wide = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        var high = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollHeight - innerHeight");
        Assert.Equal((0, 0), (wide, high));
        await Expect(scene.Field).ToBeInViewportAsync();
        if (name == "narrow")
        {
            await scene.Page.GetByRole(AriaRole.Button, new() { Name = "Chats" }).ClickAsync();
            await Expect(scene.Rows.First).ToBeInViewportAsync();
            await ShootAsync(scene, $"{name}-drawer");
            await scene.Page.Keyboard.PressAsync("Escape");
            await Expect(scene.Rows.First).Not.ToBeInViewportAsync();
        }
    }

    [Theory]
    [InlineData("tools", ColorScheme.Light, 1280, 800)]
    [InlineData("tools-dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("tools-narrow", ColorScheme.Light, 390, 780)]
    public async Task Tools_InEachForm_FitTheirWindow(string name, ColorScheme colors, int width, int height)
    {
        await using var scene = await PageScene.OpenAsync(
            browser, new() { ColorScheme = colors, ViewportSize = new() { Width = width, Height = height } });
        scene.Forgive();
        var forged = await ForgedService.StandBeforeAsync(scene.Page);
        await scene.SendAsync("Say a word");
        await forged.TellAsync([.. ForgedTurn.Opening(), .. ForgedTurn.Told(
        [
            ForgedTurn.Info(),
            new() { Sequence = 1, Warning = new() { Code = "FALLBACK_MODEL", Message = "Another model is asked." } },
            .. ForgedTurn.WordsFrom(2, "I look into the files of the project first."),
            ForgedTurn.Call(3, "a", "files_list", whole: """{"path":"src/ChatService","deep":true}"""),
            ForgedTurn.Result(4, "a", "Program.cs"),
            ForgedTurn.Call(5, "b", "files_read", whole: """{"path":"src/ChatService/Missing.cs"}"""),
            ForgedTurn.Result(6, "b", "There is no such file.", isError: true),
            .. ForgedTurn.WordsFrom(7, "One of them has a plan; what colour it gets is for you to say."),
            ForgedTurn.Document(8, "The plan", "text/markdown", "# The plan\n\n1. **Look**\n2. Ask\n3. Do it"),
            ForgedTurn.Call(9, "c", "search_pages", whole: """{"query":"colours of plans"}"""),
            new() { Sequence = 10, ToolProgress = new() { Id = "c", Fraction = 0.4, Note = "page 2 of 5" } },
            ForgedTurn.Call(11, "d", "ask_person", whole: """{"question":"Colour?"}""", kind: ToolKind.Client),
        ])]);
        await Expect(scene.Page.GetByLabel("Result of ask_person")).ToBeVisibleAsync();

        await scene.Answer.Locator(".tool summary").Nth(1).ClickAsync();
        await ShootAsync(scene, name);

        var wide = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        var inside = await scene.Page.Locator("#scroll").EvaluateAsync<int>("s => s.scrollWidth - s.clientWidth");
        Assert.Equal((0, 0), (wide, inside));
    }

    [Theory]
    [InlineData("branches", ColorScheme.Light, 1280, 800)]
    [InlineData("branches-dark", ColorScheme.Dark, 390, 780)]
    public async Task Branches_InEachForm_FitTheirWindow(string name, ColorScheme colors, int width, int height)
    {
        const string Text = "The plan has three steps, and each of them asks for a decision: who does it, and when?";
        var (forged, _) = await ForgedScene.OpenAsync(
            browser,
            ForgedSession.Said("01q", "", "مرحبا", "01q", "03q"),
            ForgedSession.Said("02a", "01q", "أهلا"),
            ForgedSession.Said("03q", "", "What is the plan?", "01q", "03q"),
            ForgedSession.Said("04a", "03q", Text, "04a", "05a"),
            ForgedSession.Said("05a", "03q", Text, "04a", "05a"),
            ForgedSession.Said("06q", "05a", "Somebody does it next week."),
            ForgedSession.Said("07a", "06q", Text));
        await using var scene = forged.Page;
        scene.Forgive();
        await scene.Page.EmulateMediaAsync(new() { ColorScheme = colors });
        await scene.Page.SetViewportSizeAsync(width, height);
        await scene.Button("Edit the message").Last.ClickAsync();
        await forged.Service.ForgeAsync(
            "SearchMessages", SearchMessagesRequest.Parser, _ => ([Hits], ForgedService.Ok));
        await scene.Page.Keyboard.PressAsync("Control+k");
        await scene.Page.Keyboard.TypeAsync("plan");
        await Expect(scene.Hits).ToHaveCountAsync(2);
        await Expect(scene.Hits.First).ToBeInViewportAsync();
        await ShootAsync(scene, $"{name}-search");
        await scene.Page.Keyboard.PressAsync("Escape");
        await ShootAsync(scene, name);

        var wide = await scene.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        var inside = await scene.Page.Locator("#scroll").EvaluateAsync<int>("s => s.scrollWidth - s.clientWidth");
        Assert.Equal((0, 0), (wide, inside));
    }

    private static async Task ShootAsync(PageScene scene, string name)
    {
        var image = await scene.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", Folder, $"{name}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
        Assert.NotEmpty(image);
    }
}
