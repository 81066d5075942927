using System.Net;
using System.Net.Sockets;
using ChatGrpc.Model;
using ChatGrpc.Ports;

namespace ChatGrpc.Tests.Ports;

public sealed class ListenScopeTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.2")]
    public void Check_Loopback_IsTaken(string address) =>
        new ListenScope(LoopbackOnly: true).Check(new IPEndPoint(IPAddress.Parse(address), 5080));

    [Fact]
    public void Check_UnixSocket_IsTaken() =>
        new ListenScope(LoopbackOnly: true).Check(new UnixDomainSocketEndPoint("/tmp/chat.sock"));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.168.1.7")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("fe80::1")]
    public void Check_WhatOthersReach_IsRefusedUnlessAllowed(string address)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(address), 5080);

        var failure = Assert.Throws<StartupException>(() => new ListenScope(LoopbackOnly: true).Check(endpoint));

        Assert.Contains("keys new NAME", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Chat:AllowAnonymous=true", failure.Message, StringComparison.Ordinal);
        new ListenScope(LoopbackOnly: false).Check(endpoint);
    }
}
