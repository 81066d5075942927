using System.Collections.Concurrent;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using ChatGrpc.TestKit.Providers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>
/// The page in a browser, before a service process. At its end the browser must have had nothing to complain about.
/// </summary>
internal sealed class PageScene : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ProviderStandIn? _models;
    private IBrowserContext? _profile;

    private PageScene(ProviderStandIn? models) => _models = models;

    public ServiceProcess Service { get; private set; } = null!;

    public Uri Address => Service.Address;

    public IPage Page { get; private set; } = null!;

    public ProviderStandIn StandIn => _models ?? throw new InvalidOperationException("Started without a stand-in.");

    public ILocator Field => Page.GetByLabel("Message", new() { Exact = true });

    public ILocator Answers => Page.GetByRole(AriaRole.Article, new() { Name = "Answer" });

    public ILocator Answer => Answers.Last;

    /// <summary>The text of the last answer.</summary>
    public ILocator Prose => Answer.Locator(".prose");

    public ILocator Notes => Answer.Locator(".note");

    /// <summary>The small line below an answer that has ended.</summary>
    public ILocator Figures => Answer.Locator(".figures");

    /// <summary>The sessions at the side, also while a narrow screen hides them.</summary>
    public ILocator Rows => Page.Locator(".session-row");

    /// <summary>The demo model alone, and the page before it.</summary>
    public static Task<PageScene> OpenAsync(Chromium browser, BrowserNewContextOptions? options = null) =>
        OpenAsync(browser, options, models: null);

    /// <summary>The default model is a stand-in, whose answers the test writes.</summary>
    public static async Task<PageScene> OpenWithStandInAsync(Chromium browser) =>
        await OpenAsync(browser, options: null, await ProviderStandIn.StartOpenAIAsync());

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

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>For what a test does on purpose.</summary>
    public void Forgive() => _complaints.Clear();

    public async ValueTask DisposeAsync()
    {
        if (_profile is not null)
        {
            await _profile.DisposeAsync();
        }

        await Service.DisposeAsync();
        if (_models is not null)
        {
            await _models.DisposeAsync();
        }

        _data.Dispose();
        Assert.Empty(_complaints);
        Assert.DoesNotContain("fail: ", Service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", Service.Output, StringComparison.Ordinal);
    }

    private static async Task<PageScene> OpenAsync(
        Chromium browser, BrowserNewContextOptions? options, ProviderStandIn? models)
    {
        var scene = new PageScene(models);
        var environment = new Dictionary<string, string>();
        if (models is not null)
        {
            environment["OPENAI_BASE_URL"] = $"{models.BaseUrl}";
            environment["OPENAI_API_KEY"] = "sk-test-0123456789";
            models.Offer(ModelLists.OpenAI("gpt-4o-mini"));
        }

        scene.Service = await ServiceProcess.StartAsync(scene._data.Path, settings: null, environment);
        scene._profile = await browser.NewProfileAsync(options ?? new());
        scene._profile.SetDefaultTimeout((float)WaitLimit.Default.TotalMilliseconds);
        SetDefaultExpectTimeout((float)WaitLimit.Default.TotalMilliseconds);
        scene.Page = await scene._profile.NewPageAsync();
        scene.Watch(scene.Page);
        await scene.Page.GotoAsync($"{scene.Address}");
        await Expect(scene.Field).ToBeFocusedAsync();
        return scene;
    }

    private void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
        page.Dialog += (_, dialog) =>
        {
            _complaints.Enqueue($"{dialog.Type}: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            var target = new Uri(request.Url);
            if (target.Scheme != "data" && target.Authority != Address.Authority)
            {
                _complaints.Enqueue($"request: {request.Url}");
            }
        };
    }
}
