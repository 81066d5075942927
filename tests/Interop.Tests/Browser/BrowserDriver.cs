using System.Text.Json.Nodes;
using Interop.Tests.Cases;
using Interop.Tests.Protos;
using Microsoft.Playwright;

namespace Interop.Tests.Browser;

/// <summary>A client in a page.</summary>
internal sealed class BrowserDriver : IClientDriver
{
    // A deadline of a second and a busy machine are in it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPage _page;

    private BrowserDriver(IPage page) => _page = page;

    /// <param name="chromium">The browser.</param>
    /// <param name="client">As page.mjs names it.</param>
    /// <param name="server">Where the client connects to.</param>
    public static async Task<IClientDriver> OpenAsync(Chromium chromium, string client, Uri server)
    {
        var page = await chromium.OpenPageAsync();
        var address = server.GetLeftPart(UriPartial.Authority);
        await page.EvaluateAsync(
            "to => interop.connect(to)", new { client, address, descriptors = await Protoc.DescriptorsAsync() });
        return new BrowserDriver(page);
    }

    public async Task<JsonNode> AskAsync(string question, JsonNode ask)
    {
        var asked = new JsonObject { ["question"] = question, ["ask"] = ask.DeepClone() };
        var answer = await _page
            .EvaluateAsync<string>("question => interop.answer(question)", asked.ToJsonString())
            .WaitAsync(Patience);
        return JsonNode.Parse(answer)!;
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();
}
