using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grpc.Tests.Server;

/// <summary>What is no call of a known method, and that other paths are none of this library's business.</summary>
public sealed class RoutingTests
{
    [Theory]
    [InlineData("/grpctests.v1.EchoService/Nope", "The service has no such method.")]
    [InlineData("/grpctests.v1.Nope/Say", "The service is not known here.")]
    [InlineData("/deep/er/path", "The service is not known here.")]
    [InlineData("/GRPCTESTS.v1.EchoService/Say", "The method is called /grpctests.v1.EchoService/Say.")]
    [InlineData("/grpctests.v1.EchoService/Say/", "The method is called /grpctests.v1.EchoService/Say.")]
    [InlineData("/", "The service is not known here.")]
    public async Task Call_UnknownMethod_IsUnimplemented(string path, string detail)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.CallAsync(path, new SayRequest());

        answer.AssertEnded(StatusCode.Unimplemented, trailersOnly: true);
        Assert.Equal(detail, answer.Detail);
        await server.AssertNextCallWorksAsync();
    }

    [Theory]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("Application/GRPC;charset=utf-8", 200)]
    [InlineData("application/grpc+xyz", 415)]
    [InlineData("application/grpcx", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/json", 415)]
    public async Task Call_ContentType_IsChecked(string contentType, int status)
    {
        await using var server = await TestServer.StartAsync();
        var body = new ByteArrayContent(Frames.Of(new SayRequest()));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        var answer = await server.SendAsync(TestServer.Request(TestServer.Say, body));

        Assert.Equal(status, (int)answer.HttpStatus);
        Assert.Equal(status == 200, answer.Trailers.Contains("grpc-status"));
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Call_WithoutContentType_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        var request = TestServer.Request(TestServer.Say, new ByteArrayContent([]));
        request.Content!.Headers.ContentType = null;

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.SendAsync(request)).HttpStatus);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task Call_OtherVerb_IsNotAllowed(string verb)
    {
        await using var server = await TestServer.StartAsync();
        var request = TestServer.Request(TestServer.Say, new ByteArrayContent([]));
        request.Method = new HttpMethod(verb);

        var answer = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.HttpStatus);
        Assert.Equal(["POST"], answer.ContentHeaders.Allow);
    }

    [Theory]
    [InlineData(TestServer.Say)]
    [InlineData("/grpctests.v1.EchoService/Nope")]
    public async Task Call_OverHttp1_AsksForHttp2(string path)
    {
        await using var server = await TestServer.StartAsync();
        var request = TestServer.Request(path, new ByteArrayContent([]));
        request.RequestUri = new Uri(server.Http1Address, path);
        request.Version = HttpVersion.Version11;

        var answer = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.HttpStatus);
        Assert.Contains("HTTP/2", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/page", "text/plain", 200)]
    [InlineData("PUT", "/page", "text/plain", 405)]
    [InlineData("POST", "/page", "text/plain", 405)]
    [InlineData("GET", "/nowhere", "text/plain", 404)]
    [InlineData("POST", "/nowhere", "text/plain", 404)]
    [InlineData("GET", "/nowhere", "application/grpc", 404)]
    public async Task Request_ThatIsNoCall_IsLeftToTheApplication(string verb, string path, string type, int status)
    {
        await using var server = await TestServer.StartAsync(routes: app => app.MapGet("/page", () => "page"));
        var request = TestServer.Request(path, new ByteArrayContent([]));
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Method = new HttpMethod(verb);

        Assert.Equal(status, (int)(await server.SendAsync(request)).HttpStatus);
    }

    [Fact]
    public async Task Call_UnknownMethodWithAFallbackPage_IsStillUnimplemented()
    {
        await using var server = await TestServer.StartAsync(
            routes: app => app.MapFallback(() => Results.Text("page")));

        var answer = await server.CallAsync("/a.B/C", new SayRequest());

        answer.AssertEnded(StatusCode.Unimplemented, trailersOnly: true);
    }
}
