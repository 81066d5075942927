using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class UnaryCallTests
{
    [Fact]
    public async Task Call_OfAnEcho_SendsWhatGrpcAsksForAndReadsTheAnswer()
    {
        var body = new MemoryStream();
        IHeaderDictionary? headers = null;
        string? request = null;
        await using var server = await RawServer.StartAsync(async context =>
        {
            headers = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            request = $"{context.Request.Protocol} {context.Request.Method} {context.Request.GetDisplayUrl()}";
            await context.Request.Body.CopyToAsync(body);
            context.Response.Headers["x-first"] = "1";
            context.Response.AppendTrailer("x-last-bin", "AAE");
            await context.SendAsync(SayFrame("hello"));
            context.End(0);
        });

        using var call = server.Client.SayAsync(
            new SayRequest { Text = "hi" },
            new Metadata { { "x-text", "a" }, { "content-language", "de" }, { "x-bytes-bin", [0xFF] } });
        var response = await call.ResponseAsync.Soon();

        Assert.Equal("hello", response.Text);
        Assert.Equal($"HTTP/2 POST {server.Address}/grpctests.v1.EchoService/Say", request);
        Assert.Equal(Frame(new SayRequest { Text = "hi" }), body.ToArray());
        Assert.Equal("application/grpc", headers!.ContentType);
        Assert.Equal("trailers", headers.TE);
        Assert.Equal("identity", headers["grpc-accept-encoding"]);
        Assert.False(headers.ContainsKey("grpc-timeout"));
        Assert.StartsWith("grpc-dotnet-chatgrpc/", headers.UserAgent);
        Assert.Equal("a", headers["x-text"]);
        Assert.Equal("de", headers.ContentLanguage);
        Assert.Equal("/w", headers["x-bytes-bin"]);
        Assert.Equal("1", (await call.ResponseHeadersAsync.Soon()).GetValue("x-first"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal([0, 1], call.GetTrailers().GetValueBytes("x-last-bin"));
    }

    [Fact]
    public async Task BlockingCall_OfAnEcho_ReturnsTheAnswer()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(SayFrame("hello"));
            context.End(0);
        });

        var response = await Task.Run(() => server.Client.Say(new SayRequest())).Soon();

        Assert.Equal("hello", response.Text);
    }

    [Fact]
    public async Task Call_WithHost_SendsItAsAuthority()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(SayFrame(context.Request.Host.Value!));
            context.End(0);
        });

        var response = await server.Client.WithHost("other.example").SayAsync(new SayRequest()).ResponseAsync.Soon();

        Assert.Equal("other.example", response.Text);
    }

    [Theory]
    [InlineData(0, "no message")]
    [InlineData(2, "several messages")]
    public async Task Call_WithAnotherNumberOfMessagesThanOne_IsUnimplemented(int count, string detail)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync([.. Enumerable.Repeat(SayFrame("x"), count)]);
            context.End(0);
        });

        using var call = server.Client.SayAsync(new SayRequest());
        var error = await call.ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Contains(detail, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(error.Status, call.GetStatus());
    }

    [Fact]
    public async Task Call_WithAMessageAndAnErrorStatus_FailsWithTheStatus()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(SayFrame("x"));
            context.End((int)StatusCode.Aborted, "late");
        });

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(new Status(StatusCode.Aborted, "late"), error.Status);
    }

    [Fact]
    public async Task Call_OverTheSendingLimit_IsResourceExhaustedAndSendsNothing()
    {
        var requests = 0;
        await using var server = await RawServer.StartAsync(
            _ =>
            {
                requests++;
                return Task.CompletedTask;
            },
            new GrpcChannelOptions { MaxSendMessageSize = 10 });

        var error = await server.Client.SayAsync(new SayRequest { Text = "0123456789" }).ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(0, requests);
    }

    [Fact]
    public async Task GetStatus_OfARunningCall_Throws()
    {
        await using var server = await RawServer.StartAsync(context => context.AbortedAsync());

        using var call = server.Client.SayAsync(new SayRequest());

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }
}
