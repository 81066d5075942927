using System.Net;
using Chat.V1;
using ChatGrpc.TestKit;

namespace Integration.Tests;

/// <summary>Which pages, and which names, a browser may use the service from and by.</summary>
public sealed class OriginTests
{
    private const string Page = "https://page.example";
    private const string ListModels = "/chat.v1.ModelService/ListModels";
    private const string PermissionDenied = "7";

    [Fact]
    public async Task Call_FromAnotherOrigin_IsRefusedBeforeItDoesAnything()
    {
        await using var deployment = await Deployment.StartAsync($"Chat:Origins:0={Page}");
        var own = deployment.Process.Address.GetLeftPart(UriPartial.Authority);

        foreach (var origin in (string[])["https://evil.example", "null", $"{Page}:444", $"{own}0", $"{Page}, {Page}"])
        {
            var refused = await CallAsync(deployment, ("origin", origin));
            Assert.Equal((PermissionDenied, "ORIGIN_NOT_ALLOWED"), (refused.Status, refused.Reason));
            Assert.False(refused.Headers.Contains("access-control-allow-origin"));
        }

        Assert.Equal("0", (await CallAsync(deployment, ("origin", own))).Status);
        Assert.Equal("0", (await CallAsync(deployment)).Status);
    }

    [Fact]
    public async Task Call_FromAnAllowedOrigin_ShowsItsStatusToThePage()
    {
        var key = new TestKey("k");
        await using var deployment = await Deployment.StartAsync($"Chat:Origins:0={Page}", key.Setting);

        var taken = await CallAsync(deployment, ("origin", Page), ("authorization", key.Bearer));
        var refused = await CallAsync(deployment, ("origin", Page));
        var unknown = await RawCall.SendAsync(
            deployment.Process.Address, "/chat.v1.Nobody/Knows", new ListModelsRequest(), ("origin", Page));

        Assert.Equal(("0", "16", "12"), (taken.Status, refused.Status, unknown.Status));
        Assert.All([taken, refused, unknown], call =>
        {
            Assert.Equal(Page, call.Headers.GetValues("access-control-allow-origin").Single());
            Assert.Contains(
                "Grpc-Status-Details-Bin", call.Headers.GetValues("access-control-expose-headers").Single(),
                StringComparison.Ordinal);
            Assert.False(call.Headers.Contains("access-control-allow-credentials"));
        });
    }

    [Theory]
    [InlineData(Page, HttpStatusCode.NoContent)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    public async Task Preflight_IsAnsweredForAllowedOriginsAlone(string origin, HttpStatusCode status)
    {
        await using var deployment = await Deployment.StartAsync($"Chat:Origins:0={Page}", new TestKey("k").Setting);
        using var http = new HttpClient { BaseAddress = deployment.Process.Address };
        using var preflight = new HttpRequestMessage(HttpMethod.Options, ListModels);
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web,x-user-agent");

        using var answer = await http.SendAsync(preflight).InTime();

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.NoContent, answer.Headers.Contains("Access-Control-Allow-Origin"));
        if (status == HttpStatusCode.NoContent)
        {
            Assert.Equal(
                "authorization,content-type,x-grpc-web,x-user-agent",
                answer.Headers.GetValues("Access-Control-Allow-Headers").Single());
            Assert.Equal("7200", answer.Headers.GetValues("Access-Control-Max-Age").Single());
        }
    }

    [Fact]
    public async Task Request_ByAForeignName_IsRefusedInItsOwnLanguage()
    {
        await using var deployment = await Deployment.StartAsync();
        using var http = new HttpClient { BaseAddress = deployment.Process.Address };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };

        using var plain = await http.SendAsync(page).InTime();
        var call = await CallAsync(deployment, ("host", "evil.example"));
        var own = await CallAsync(deployment, ("host", "chat.localhost:5080"));

        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.Contains("Chat:Hosts", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((PermissionDenied, "HOST_NOT_ALLOWED"), (call.Status, call.Reason));
        Assert.Equal("0", own.Status);
    }

    private static Task<RawCall> CallAsync(Deployment deployment, params (string Name, string Value)[] headers) =>
        RawCall.SendAsync(deployment.Process.Address, ListModels, new ListModelsRequest(), headers);
}
