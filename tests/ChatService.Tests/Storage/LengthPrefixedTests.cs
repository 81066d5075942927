using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Tests.Storage;

public sealed class LengthPrefixedTests
{
    [Fact]
    public void Decode_WhatWasEncoded_TheSameMessages()
    {
        Part[] parts = [new() { Text = "one" }, new(), new() { Text = new('x', 100_000) }, new() { Text = "😀" }];

        Assert.Equal(parts, LengthPrefixed.Decode<Part>(LengthPrefixed.Encode(parts)));
    }

    [Fact]
    public void Encode_Nothing_AnEmptyBlob()
    {
        Assert.Empty(LengthPrefixed.Encode<Part>([]));
        Assert.Empty(LengthPrefixed.Decode<Part>([]));
    }
}
