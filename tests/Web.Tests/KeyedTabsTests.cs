using System.Security.Cryptography;
using System.Text;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Two tabs of one browser, each with the key of another tenant.</summary>
public sealed class KeyedTabsTests(Chromium browser)
{
    [Fact]
    public async Task Tabs_OfTwoTenants_SeeNothingOfEachOther()
    {
        await using var scene = await PageScene.OpenWithKeysAsync(browser, SettingOf("anna"), SettingOf("bert"));
        await EnterKeyAsync(scene, "anna");
        await scene.AskAsync("/demo tokens=2 rate=max");
        var other = await scene.OpenTabAsync(scene.Session, isReady: false);
        await EnterKeyAsync(other, "bert");
        await Expect(other.Page.GetByText("This chat does not exist any more.")).ToBeVisibleAsync();

        await scene.AskAsync("/demo tokens=3 rate=max");
        await other.AskAsync("/demo tokens=1 rate=max");

        await Expect(scene.Prose).ToHaveTextAsync("alpha bravo charlie");
        await Expect(scene.Answers).ToHaveCountAsync(2);
        await Expect(other.Prose).ToHaveTextAsync("alpha");
        await Expect(other.Answers).ToHaveCountAsync(1);
        await Expect(other.Rows).ToHaveTextAsync("/demo tokens=1 rate=max");
    }

    private static async Task EnterKeyAsync(PageTab tab, string name)
    {
        var field = tab.Page.Locator("input[name=key]");
        await field.FillAsync(KeyOf(name));
        await field.PressAsync("Enter");
        await Expect(field).ToBeHiddenAsync();
    }

    // As the service makes them: 43 characters follow the prefix.
    private static string KeyOf(string name) => $"chat_{name.PadRight(43, '0')}";

    private static string SettingOf(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(name)));
        return $"Chat:Keys:{name}:Hash=sha256:{Convert.ToHexStringLower(hash)}";
    }
}
