using Grpc.Core;
using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class StatusTrailersTests
{
    [Fact]
    public void Format_OfAnError_IsStatusMessageThenTrailers()
    {
        var trailers = StatusTrailers.Format(
            new Status(StatusCode.NotFound, "no ünit"), new Metadata { { "a", "1" } });

        Assert.Equal(
            [new("grpc-status", "5"), new("grpc-message", "no %C3%BCnit"), new("a", "1")], trailers);
    }

    [Fact]
    public void Format_WithoutDetail_HasNoMessage()
    {
        Assert.Equal([new("grpc-status", "0")], StatusTrailers.Format(Status.DefaultSuccess, Metadata.Empty));
    }

    [Theory]
    [InlineData("0", null, StatusCode.OK, "")]
    [InlineData("16", "who%3F", StatusCode.Unauthenticated, "who?")]
    [InlineData("17", "new", StatusCode.Unknown, "The peer sent the status 17. new")]
    [InlineData("x", null, StatusCode.Unknown, "The peer sent the status 'x'.")]
    [InlineData("-1", null, StatusCode.Unknown, "The peer sent the status '-1'.")]
    public void Parse_OfTrailers_GivesTheStatus(string code, string? message, StatusCode expected, string detail)
    {
        var status = StatusTrailers.Parse(code, message);

        Assert.Equal(expected, status.StatusCode);
        Assert.Equal(detail, status.Detail);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(302, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    public void ToStatusCode_OfAnHttpStatus_FollowsTheTable(int httpStatus, StatusCode expected)
    {
        Assert.Equal(expected, HttpStatusMapping.ToStatusCode(httpStatus));
    }
}
