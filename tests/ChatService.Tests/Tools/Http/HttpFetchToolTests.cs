using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;
using ChatGrpc.Tools.Http;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Tests.Tools.Http;

public sealed class HttpFetchToolTests
{
    private readonly RoundScene _scene = new();

    [Fact]
    public async Task Invoke_Page_IsRead()
    {
        var asked = new TaskCompletionSource<IHeaderDictionary>();
        await using var site = await WebSite.StartAsync(context =>
        {
            asked.SetResult(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            context.Response.Headers.SetCookie = "a=b";
            return TextAsync(context, "Grüezi");
        });

        var result = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/a?b#c");

        Assert.Equal($"HTTP 200, text/plain, http://127.0.0.1:{site.Port}/a?b#c\n\nGrüezi", result.Text);
        Assert.False(result.IsError);
        var headers = await asked.Task;
        Assert.StartsWith("ChatGrpc/", headers.UserAgent, StringComparison.Ordinal);
        Assert.False(headers.ContainsKey("Cookie") || headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Invoke_OtherEncoding_IsRead()
    {
        await using var site = await WebSite.StartAsync(context =>
        {
            context.Response.ContentType = "text/plain; charset=iso-8859-1";
            return context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("Grüezi")).AsTask();
        });

        Assert.EndsWith("Grüezi", (await FetchAsync(site, $"http://127.0.0.1:{site.Port}/")).Text);
    }

    [Fact]
    public async Task Invoke_Redirects_AreFollowed()
    {
        await using var site = await WebSite.StartAsync(context => context.Request.Path == "/5"
            ? TextAsync(context, "here")
            : RedirectAsync(context, $"/{int.Parse(context.Request.Path.Value![1..]) + 1}"));

        Assert.EndsWith("/5\n\nhere", (await FetchAsync(site, $"http://127.0.0.1:{site.Port}/0")).Text);
    }

    [Fact]
    public async Task Invoke_RedirectsInACircle_EndIt()
    {
        var asked = 0;
        await using var site = await WebSite.StartAsync(context =>
        {
            _ = Interlocked.Increment(ref asked);
            return RedirectAsync(context, "/");
        });

        var result = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/");

        Assert.Equal(("The page redirects more than 5 times.", true, 6), (result.Text, result.IsError, asked));
    }

    [Theory]
    [InlineData("http://127.0.0.2:{inside}/", "The host is at an address that may not be fetched from.")]
    [InlineData("http://localhost:{port}/", "localhost:{port} is none of the hosts that may be fetched from.")]
    [InlineData("file:///etc/passwd", "Only http and https addresses can be fetched.")]
    [InlineData("http://a:b@127.0.0.1:{port}/", "An address with a name or password in it is not fetched.")]
    public async Task Invoke_RefusedAddress_IsRefusedBehindARedirectToo(string address, string message)
    {
        var target = "";
        var reached = false;
        await using var site = await WebSite.StartAsync(context =>
        {
            reached |= context.Request.Path != "/start";
            return context.Request.Path == "/start" ? RedirectAsync(context, target) : TextAsync(context, "secret");
        });
        string Filled(string text) => text.Replace("{port}", $"{site.Port}").Replace("{inside}", $"{site.InsidePort}");
        target = Filled(address);

        var direct = await FetchAsync(site, target);
        var redirected = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/start");

        Assert.Equal((Filled(message), true), (direct.Text, direct.IsError));
        Assert.Equal((Filled(message), true), (redirected.Text, redirected.IsError));
        Assert.False(reached);
    }

    [Fact]
    public async Task Invoke_NameOfThisMachine_IsRefusedAfterItIsResolved()
    {
        await using var site = await WebSite.StartAsync(context => TextAsync(context, "secret"));

        var result = await FetchAsync(
            [$"localhost:{site.Port}"], $"http://localhost:{site.Port}/", PublicAddresses.Has);

        Assert.Equal(("The host is at an address that may not be fetched from.", true), (result.Text, result.IsError));
    }

    [Fact]
    public async Task Invoke_HugePage_IsCut()
    {
        await using var site = await WebSite.StartAsync(async context =>
        {
            context.Response.ContentType = "text/html";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(new string('ü', 10_000), context.RequestAborted);
            }
        });

        var result = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/");

        Assert.False(result.IsError);
        Assert.EndsWith("ü\n\n(cut here)", result.Text, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetByteCount(result.Text);
        Assert.InRange(bytes, RoundScene.MaxResultBytes - 10, RoundScene.MaxResultBytes);
    }

    [Fact]
    public async Task Invoke_GzipBomb_IsCut()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 100; i++)
            {
                await gzip.WriteAsync(new byte[1024 * 1024]);
            }
        }

        await using var site = await WebSite.StartAsync(context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(packed.ToArray()).AsTask();
        });
        var before = GC.GetTotalAllocatedBytes();

        var result = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/");

        Assert.EndsWith("(cut here)", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', result.Text);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50 * 1024 * 1024);
    }

    [Fact]
    public async Task Invoke_SlowPage_EndsByTheDeadlineAndHangsUp()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await WebSite.StartAsync(async context =>
        {
            context.RequestAborted.Register(hungUp.SetResult);
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("slow");
            await context.Response.Body.FlushAsync();
            begun.SetResult();
            await hungUp.Task;
        });

        var fetch = FetchAsync(site, $"http://127.0.0.1:{site.Port}/");
        await begun.Task.InTime();
        _scene.Time.Advance(RoundScene.Deadline);

        Assert.Equal("The tool did not answer within 30 s.", (await fetch).Text);
        await hungUp.Task.InTime();
    }

    [Theory]
    [InlineData(404, "text/plain", "HTTP 404, text/plain")]
    [InlineData(200, "image/png", "The page is of the type image/png, which is no text.")]
    [InlineData(200, null, "The page is of the type unknown, which is no text.")]
    public async Task Invoke_PageThatIsNone_IsAnError(int status, string? type, string words)
    {
        await using var site = await WebSite.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.Body.WriteAsync("gone"u8.ToArray()).AsTask();
        });

        var result = await FetchAsync(site, $"http://127.0.0.1:{site.Port}/");

        Assert.True(result.IsError);
        Assert.StartsWith(words, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NobodyThere_IsAnError()
    {
        int port;
        await using (var site = await WebSite.StartAsync(_ => Task.CompletedTask))
        {
            port = site.Port;
        }

        var result = await FetchAsync([$"127.0.0.1:{port}"], $"http://127.0.0.1:{port}/", IsOutside);

        Assert.Equal(("The page could not be fetched (ConnectionError).", true), (result.Text, result.IsError));
    }

    private static Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text);
    }

    private static Task RedirectAsync(HttpContext context, string target)
    {
        context.Response.Redirect(target);
        return Task.CompletedTask;
    }

    private Task<ToolResult> FetchAsync(WebSite site, string url) => FetchAsync(
        [$"127.0.0.1:{site.Port}", $"127.0.0.2:{site.InsidePort}"], url, IsOutside);

    private static bool IsOutside(IPAddress address) => address.Equals(WebSite.Outside);

    private async Task<ToolResult> FetchAsync(string[] hosts, string url, Func<IPAddress, bool> isAllowed)
    {
        using var tool = new HttpFetchTool(
            [.. hosts.Select(host => HostPattern.Parse(host)!)], isAllowed, RoundScene.MaxResultBytes);
        return await _scene.ResultAsync(RoundScene.Call(tool, JsonSerializer.Serialize(new { url })));
    }
}
