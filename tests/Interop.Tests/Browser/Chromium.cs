using System.Diagnostics;
using ChatGrpc.TestKit;
using Interop.Tests.Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Interop.Tests.Browser;

/// <summary>The system's Chromium, once for all tests, and the clients' page, which has an origin of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private WebApplication? _pages;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the page comes from.</summary>
    public string Origin => _pages!.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var page = $"<!doctype html><meta charset=utf-8><title>Interop</title><script>{await BundleAsync()}</script>";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _pages = builder.Build();
        _pages.MapGet("/", () => Results.Content(page, "text/html"));
        await _pages.StartAsync().InTime();

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_pages is not null)
        {
            await _pages.DisposeAsync();
        }
    }

    /// <summary>The page in a profile of its own.</summary>
    public async Task<IPage> OpenPageAsync()
    {
        var profile = await _browser!.NewContextAsync();
        var page = await profile.NewPageAsync();
        await page.GotoAsync(Origin);
        return page;
    }

    private static async Task<string> BundleAsync()
    {
        var esbuild = Repository.At("tests/Interop.Tests/node_modules/.bin/esbuild");
        string[] arguments = [Repository.At("tests/Interop.Tests/Browser/page.mjs"), "--bundle", "--format=iife"];
        using var bundling = Process.Start(new ProcessStartInfo(esbuild, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = bundling.StandardError.ReadToEndAsync();
        var script = await bundling.StandardOutput.ReadToEndAsync().InTime();
        await bundling.WaitForExitAsync().InTime();
        Assert.True(bundling.ExitCode == 0, $"The page could not be bundled: {await complaints.InTime()}");
        return script;
    }
}
