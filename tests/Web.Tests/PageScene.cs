using System.Collections.Concurrent;
using System.Diagnostics;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using ChatGrpc.TestKit.Providers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>
/// The page in a browser, before a service process. At its end the browser must have had nothing to complain about.
/// </summary>
internal sealed class PageScene : PageTab, IAsyncDisposable
{
    // A browser is the first to feel it when other suites run beside it on a small machine.
    private static readonly float PatienceMs = (float)(3 * WaitLimit.Default).TotalMilliseconds;

    private readonly TemporaryFolder _data = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ProviderStandIn? _models;
    private readonly Dictionary<string, string> _environment = [];
    private IBrowserContext? _profile;
    private bool _isForgiven;

    private PageScene(ProviderStandIn? models)
    {
        _models = models;
        if (models is null)
        {
            return;
        }

        _environment["OPENAI_BASE_URL"] = $"{models.BaseUrl}";
        _environment["OPENAI_API_KEY"] = "sk-test-0123456789";
        models.Offer(ModelLists.OpenAI("gpt-4o-mini"));
    }

    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>What lies between the browser and the service, if the test asked for it.</summary>
    public Relay? Network { get; private set; }

    public Uri Address => Network?.Address ?? Service.Address;

    public ProviderStandIn StandIn => _models ?? throw new InvalidOperationException("Started without a stand-in.");

    /// <summary>The demo model alone, and the page before it.</summary>
    public static Task<PageScene> OpenAsync(Chromium browser, BrowserNewContextOptions? options = null) =>
        OpenAsync(browser, options, models: null);

    /// <summary>The default model is a stand-in, whose answers the test writes.</summary>
    public static async Task<PageScene> OpenWithStandInAsync(Chromium browser) =>
        await OpenAsync(browser, options: null, await ProviderStandIn.StartOpenAIAsync());

    /// <summary>As that, and the browser reaches the service by a network that the test can cut.</summary>
    public static async Task<PageScene> OpenByNetworkAsync(Chromium browser) =>
        await OpenAsync(browser, options: null, await ProviderStandIn.StartOpenAIAsync(), isCuttable: true);

    /// <summary>A service that asks for keys; the page asks for one.</summary>
    public static Task<PageScene> OpenWithKeysAsync(Chromium browser, params string[] settings) =>
        OpenAsync(browser, options: null, models: null, settings: settings);

    /// <summary>A further tab of the same browser.</summary>
    /// <param name="session">Its id; empty: a new chat.</param>
    /// <param name="isReady">Waits until something can be written; a dialog may be in the way.</param>
    public async Task<PageTab> OpenTabAsync(string session = "", bool isReady = true)
    {
        var tab = new PageTab(await _profile!.NewPageAsync());
        Watch(tab.Page);
        await tab.Page.GotoAsync($"{Address}#/{session}");
        if (isReady)
        {
            await Expect(tab.Field).ToBeFocusedAsync();
        }

        return tab;
    }

    /// <summary>The service dies, as when its machine is lost. What the browser says of that is forgiven.</summary>
    public Task KillServiceAsync()
    {
        Forgive();
        return Service.KillAsync();
    }

    /// <summary>It is there again, at the same address, with what it had stored.</summary>
    public async Task StartServiceAsync()
    {
        var address = Service.Address;
        await Service.DisposeAsync();
        Service = await ServiceProcess.StartAsync(_data.Path, [$"urls={address}"], _environment);
    }

    /// <summary>Completes when the store has an event with this text.</summary>
    public async Task SavedAsync(string text)
    {
        var query = $"SELECT count(*) FROM stream_chunk WHERE instr(body, CAST('{text}' AS BLOB)) > 0";
        var start = new ProcessStartInfo("sqlite3", ["-readonly", Path.Combine(_data.Path, "chat.db"), query])
        {
            RedirectStandardOutput = true,
        };
        await UntilAsync().InTime();

        async Task UntilAsync()
        {
            string count;
            do
            {
                using var program = Process.Start(start)!;
                count = await program.StandardOutput.ReadToEndAsync();
                await program.WaitForExitAsync();
            }
            while (count.Trim() is "0" or "");
        }
    }

    /// <summary>
    /// For what a test does on purpose; at its beginning, or the complaints would hide why it failed.
    /// </summary>
    public void Forgive() => _isForgiven = true;

    public async ValueTask DisposeAsync()
    {
        if (_profile is not null)
        {
            await _profile.DisposeAsync();
        }

        if (Network is not null)
        {
            await Network.DisposeAsync();
        }

        await Service.DisposeAsync();
        if (_models is not null)
        {
            await _models.DisposeAsync();
        }

        _data.Dispose();
        Assert.True(_isForgiven || _complaints.IsEmpty, string.Join('\n', _complaints));

        // Whole: the line after it says what failed.
        string[] bad = ["fail: ", "crit: "];
        Assert.False(bad.Any(sign => Service.Output.Contains(sign, StringComparison.Ordinal)), Service.Output);
    }

    private static async Task<PageScene> OpenAsync(
        Chromium browser,
        BrowserNewContextOptions? options,
        ProviderStandIn? models,
        bool isCuttable = false,
        params string[] settings)
    {
        var scene = new PageScene(models);
        scene.Service = await ServiceProcess.StartAsync(scene._data.Path, settings, scene._environment);
        scene.Network = isCuttable ? new Relay(scene.Service.Address) : null;
        scene._profile = await browser.NewProfileAsync(options ?? new());
        scene._profile.SetDefaultTimeout(PatienceMs);
        SetDefaultExpectTimeout(PatienceMs);
        scene.Page = await scene._profile.NewPageAsync();
        scene.Watch(scene.Page);
        await scene.Page.GotoAsync($"{scene.Address}");
        if (settings.Length == 0)
        {
            await Expect(scene.Field).ToBeFocusedAsync();
        }

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
