using System.Text.Json.Nodes;
using ChatGrpc.TestKit;
using Interop.Tests.Cases;
using Interop.Tests.Protos;
using Microsoft.Playwright;

namespace Interop.Tests.Browser;

/// <summary>A client in a page.</summary>
internal sealed class BrowserDriver : IClientDriver
{
    private readonly IPage _page;
    private readonly object _connectTo;

    private BrowserDriver(IPage page, object connectTo)
    {
        _page = page;
        _connectTo = connectTo;
    }

    /// <param name="chromium">The browser.</param>
    /// <param name="client">As page.mjs names it.</param>
    /// <param name="server">Where the client connects to.</param>
    public static async Task<IClientDriver> OpenAsync(Chromium chromium, string client, Uri server)
    {
        var address = server.GetLeftPart(UriPartial.Authority);
        var connectTo = new { client, address, descriptors = await Protoc.DescriptorsAsync() };
        var driver = new BrowserDriver(await chromium.OpenPageAsync(), connectTo);
        await driver.ConnectAsync();
        return driver;
    }

    public async Task<JsonNode> AskAsync(string question, JsonNode ask)
    {
        var asked = new JsonObject { ["question"] = question, ["ask"] = ask.DeepClone() };
        try
        {
            var answer = await _page
                .EvaluateAsync<string>("question => interop.answer(question)", asked.ToJsonString())
                .InTime();
            return JsonNode.Parse(answer)!;
        }
        catch (TimeoutException)
        {
            // A call that never ends would keep one of the browser's few connections from all cases that follow.
            await _page.ReloadAsync();
            await ConnectAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();

    private async Task ConnectAsync() => await _page.EvaluateAsync("to => interop.connect(to)", _connectTo);
}
