using System.Net.Sockets;
using ChatGrpc.Hosting;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Microsoft.AspNetCore.Connections;

namespace ChatGrpc.Tests.Hosting;

public sealed class StartupFailureTests
{
    public static TheoryData<Exception, string> Told => new()
    {
        { new StartupException("Chat:X is wrong."), "Chat:X is wrong." },
        {
            new IOException("Failed to bind to address http://127.0.0.1:1: address already in use.",
                new AddressInUseException("in use")),
            "Failed to bind to address http://127.0.0.1:1: address already in use: stop the other program"
        },
        { new SocketException((int)SocketError.AccessDenied), "choose a port above 1023" },
        { new SocketException((int)SocketError.AddressNotAvailable), "not one of this machine" },
        {
            new InvalidOperationException("Unable to configure HTTPS endpoint. No server certificate was specified"),
            "An https address needs a certificate"
        },
        {
            new StoreException("The store cannot be written.", new IOException("database or disk is full")),
            "The store cannot be written (database or disk is full): mend that, or name another folder in Chat:Storage"
        },
        {
            new InvalidDataException("Failed to load configuration from file '/x.json'.",
                new FormatException("Could not parse it.", new InvalidOperationException("Line 3 is wrong."))),
            "Failed to load configuration from file '/x.json' (Line 3 is wrong): mend the file."
        },
        { new FormatException("Invalid url: 'nowhere'"), "Invalid url: 'nowhere': an address looks like" },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void Describe_WhatTheOperatorCanMend_IsOneLine(Exception failure, string words)
    {
        var line = StartupFailure.Describe(failure)!;

        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Describe_ABug_KeepsItsStack() =>
        Assert.Null(StartupFailure.Describe(new InvalidOperationException("Sequence contains no elements")));
}
