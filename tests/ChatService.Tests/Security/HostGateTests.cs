using System.Net;
using ChatGrpc.Security;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Tests.Security;

public sealed class HostGateTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:5080")]
    [InlineData("localhost.:5080")]
    [InlineData("chat.localhost")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:5080")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("Chat.Example:443")]
    public async Task Request_ByANameOfThisMachineOrAConfiguredOne_Passes(string host) =>
        Assert.Null(await RefusalAsync(ForThisMachine("chat.example"), host));

    [Theory]
    [InlineData("")]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("notlocalhost")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("0.0.0.0:5080")]
    [InlineData("192.168.1.7")]
    [InlineData("[::]")]
    [InlineData("sub.chat.example")]
    public async Task Request_ByAnotherName_IsRefused(string host) =>
        Assert.Equal("HOST_NOT_ALLOWED", await RefusalAsync(ForThisMachine("chat.example"), host));

    [Theory]
    [InlineData(false, "anything.example", null)]
    [InlineData(true, "anything.example", "HOST_NOT_ALLOWED")]
    [InlineData(true, "chat.example", null)]
    public async Task Request_ToAServiceForAll_IsLookedAtOnlyWithConfiguredHosts(
        bool configured, string host, string? reason)
    {
        var access = ForThisMachine(configured ? ["chat.example"] : []) with { AllowAnonymous = true };

        Assert.Equal(reason, await RefusalAsync(access, host));
    }

    [Theory]
    [InlineData("2001:db8::5", "[2001:db8::5]:443")]
    [InlineData("[2001:DB8:0::5]", "[2001:db8::5]")]
    [InlineData("10.0.0.7", "10.0.0.7:80")]
    public async Task Request_ByAConfiguredAddress_PassesInAnyForm(string configured, string host) =>
        Assert.Null(await RefusalAsync(ForThisMachine(configured), host));

    [Fact]
    public async Task Request_OverAUnixSocket_HasAnyHost() =>
        Assert.Null(await RefusalAsync(ForThisMachine(), "evil.example", address: null));

    private static AccessOptions ForThisMachine(params string[] hosts) =>
        new(new Dictionary<string, KeyOptions>(), AllowAnonymous: false, hosts, Origins: []);

    private static Task<string?> RefusalAsync(AccessOptions access, string host) =>
        RefusalAsync(access, host, IPAddress.Loopback);

    private static async Task<string?> RefusalAsync(AccessOptions access, string host, IPAddress? address)
    {
        string? reason = null;
        var passed = false;
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString(host);
        http.Connection.LocalIpAddress = address;
        var gate = new HostGate(access, (_, refusal) =>
        {
            reason = refusal.Failure.Reason;
            return Task.CompletedTask;
        });

        await gate.PassAsync(http, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });

        Assert.Equal(passed, reason is null);
        return reason;
    }
}
