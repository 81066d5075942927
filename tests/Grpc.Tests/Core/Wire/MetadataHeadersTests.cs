using Grpc.Core;
using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class MetadataHeadersTests
{
    [Theory]
    [InlineData(":path")]
    [InlineData("content-type")]
    [InlineData("te")]
    [InlineData("grpc-status")]
    [InlineData("GRPC-Timeout")]
    public void TryAdd_OfAHeaderOfTheProtocol_LeavesItOut(string name)
    {
        var metadata = new Metadata();

        Assert.True(MetadataHeaders.TryAdd(metadata, name, "1"));

        Assert.Empty(metadata);
    }

    [Fact]
    public void TryAdd_OfATextHeader_KeepsTheValueWhole()
    {
        var metadata = new Metadata();

        Assert.True(MetadataHeaders.TryAdd(metadata, "X-List", "a, b"));

        Assert.Equal("a, b", Assert.Single(metadata).Value);
        Assert.Equal("x-list", metadata[0].Key);
    }

    [Fact]
    public void TryAdd_OfABinaryHeader_SplitsOnCommas()
    {
        var metadata = new Metadata();

        Assert.True(MetadataHeaders.TryAdd(metadata, "x-bin", "AA, AQ==,"));

        Assert.Equal([[0], [1], []], metadata.Select(entry => entry.ValueBytes));
    }

    [Fact]
    public void TryAdd_OfInvalidBase64_AddsNothing()
    {
        var metadata = new Metadata();

        Assert.False(MetadataHeaders.TryAdd(metadata, "x-bin", "AA,!"));

        Assert.Empty(metadata);
    }

    [Fact]
    public void Format_OfMetadata_EncodesBytesAndDropsWhatTheProtocolOwns()
    {
        var metadata = new Metadata
        {
            { "a", "1" },
            { "grpc-status", "0" },
            { "b-bin", [0xFF] },
            { "grpc-status-details-bin", [1] },
        };

        Assert.Equal(
            [new("a", "1"), new("b-bin", "/w"), new("grpc-status-details-bin", "AQ")],
            MetadataHeaders.Format(metadata));
    }
}
