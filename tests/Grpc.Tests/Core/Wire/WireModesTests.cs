using Grpc.Core.Wire;

namespace Grpc.Tests.Core.Wire;

public sealed class WireModesTests
{
    [Theory]
    [InlineData("application/grpc", nameof(WireMode.Grpc))]
    [InlineData("Application/gRPC+Proto", nameof(WireMode.Grpc))]
    [InlineData("application/grpc; charset=utf-8", nameof(WireMode.Grpc))]
    [InlineData("application/grpc-web", nameof(WireMode.Web))]
    [InlineData("application/grpc-web+proto", nameof(WireMode.Web))]
    [InlineData("application/grpc-web-text", nameof(WireMode.WebText))]
    [InlineData("application/grpc-web-text+proto;x=y", nameof(WireMode.WebText))]
    [InlineData("application/grpc+json", null)]
    [InlineData("application/grpc-web+json", null)]
    [InlineData("application/grpc-web-texts", null)]
    [InlineData("application/grpcx", null)]
    [InlineData("text/plain", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Of_AContentType_TakesProtobufOnly(string? contentType, string? mode) =>
        Assert.Equal(mode, WireModes.Of(contentType)?.ToString());
}
