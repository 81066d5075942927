using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>What a person sees and does in one tab.</summary>
internal class PageTab
{
    public PageTab(IPage page) => Page = page;

    protected PageTab()
    {
    }

    public IPage Page { get; protected set; } = null!;

    public ILocator Field => Page.GetByLabel("Message", new() { Exact = true });

    public ILocator Questions => Page.Locator(".bubble");

    public ILocator Answers => Page.GetByRole(AriaRole.Article, new() { Name = "Answer" });

    public ILocator Answer => Answers.Last;

    /// <summary>The text of the last answer.</summary>
    public ILocator Prose => Answer.Locator(".prose");

    public ILocator Notes => Answer.Locator(".note");

    /// <summary>What is said, by whomever, from top to bottom.</summary>
    public ILocator Texts => Page.Locator(".bubble, .prose");

    /// <summary>Which of several each message is that has others in its place, from top to bottom.</summary>
    public ILocator Versions => Page.Locator(".pager:not([hidden]) span");

    /// <summary>The small line below an answer that has ended.</summary>
    public ILocator Figures => Answer.Locator(".figures");

    /// <summary>The sessions at the side, also while a narrow screen hides them.</summary>
    public ILocator Rows => Page.Locator(".session-row");

    public ILocator Search => Page.GetByLabel("Search all chats");

    /// <summary>What was found.</summary>
    public ILocator Hits => Page.Locator("#hits a");

    /// <summary>What is said of it.</summary>
    public ILocator Found => Page.Locator(".hits-said");

    /// <summary>The session that the address names.</summary>
    public string Session => new Uri(Page.Url).Fragment[2..];

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async Task SendAsync(string message)
    {
        await Field.FillAsync(message);
        await Field.PressAsync("Enter");
    }

    /// <summary>Sends it and waits for the end of its answer.</summary>
    public async Task AskAsync(string message)
    {
        var answers = await Answers.CountAsync();
        await SendAsync(message);
        await Expect(Answers).ToHaveCountAsync(answers + 1);
        await Expect(Figures).ToBeVisibleAsync();
    }
}
