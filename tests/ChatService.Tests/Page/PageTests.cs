using System.Net;
using ChatGrpc.Page;
using ChatGrpc.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ChatService.Tests.Page;

public sealed class PageTests
{
    private static readonly byte[] Plain = "plain"u8.ToArray();
    private static readonly byte[] Brotli = "brotli"u8.ToArray();
    private static readonly byte[] Gzip = "gzip"u8.ToArray();

    [Fact]
    public async Task Root_PageWasNotBuilt_SaysHowToGetIt()
    {
        await using var app = await StartAsync([]);
        using var response = await GetAsync(app, "/");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("install Node", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip, deflate, br", "brotli")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", "plain")]
    [InlineData("*", "plain")]
    [InlineData("nonsense;;;", "plain")]
    public async Task Root_CallerTakesSomeEncodings_GetsTheSmallestOfThem(string accepted, string expected)
    {
        await using var app = await StartAsync(Files());
        using var response = await GetAsync(app, "/", ("Accept-Encoding", accepted));

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
    }

    [Fact]
    public async Task Root_AskedForItsHead_SendsHeadersAlone()
    {
        await using var app = await StartAsync(Files());
        using var http = new HttpClient();
        using var response = await http.SendAsync(new(HttpMethod.Head, app.Urls.Single())).InTime();

        Assert.Equal(Plain.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
    }

    private static Dictionary<string, PageFile> Files() => new()
    {
        ["index.html"] = new("page/index.html", Plain, new Dictionary<string, byte[]>
        {
            ["br"] = Brotli,
            ["gzip"] = Gzip,
        }),
    };

    private static async Task<WebApplication> StartAsync(Dictionary<string, PageFile> files)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapChatPage(files);
        await app.StartAsync().InTime();
        return app;
    }

    private static async Task<HttpResponseMessage> GetAsync(
        WebApplication app, string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.Single() + path);
        foreach (var (name, value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request).InTime();
    }
}
