using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Grpc.Tests.Client.RawResponse;
using Any = Google.Protobuf.WellKnownTypes.Any;
using Status = Grpc.Core.Status;

namespace Grpc.Tests.Client;

public sealed class StatusTests
{
    [Fact]
    public async Task TrailersOnly_WithAnEncodedMessage_IsTheStatusWithTrailers()
    {
        await using var server = await RawServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["grpc-message"] = "kein Gespr%C3%A4ch %F0%9F%98%80 100%25";
            context.Response.Headers["x-why"] = "absent";
            return Task.CompletedTask;
        });

        using var call = server.Client.Count(new CountRequest());
        var error = await call.ResponseStream.MoveNext().FailsSoon();

        Assert.Equal(new Status(StatusCode.NotFound, "kein Gespräch 😀 100%"), error.Status);
        Assert.Equal("absent", error.Trailers.GetValue("x-why"));
        Assert.Equal("absent", (await call.ResponseHeadersAsync.Soon()).GetValue("x-why"));
        Assert.Equal(error.Status, call.GetStatus());
        Assert.Equal("absent", call.GetTrailers().GetValue("x-why"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Details_InTrailersOrHeaders_AreRead(bool trailersOnly)
    {
        var rich = new Google.Rpc.Status
        {
            Code = 8,
            Message = "slow down",
            Details = { Any.Pack(new ErrorInfo { Reason = "RATE" }) },
        };
        await using var server = await RawServer.StartAsync(async context =>
        {
            if (trailersOnly)
            {
                context.Response.ContentType = "application/grpc";
            }
            else
            {
                await context.SendAsync(CountFrame(0));
            }

            Action<string, string> append = trailersOnly
                ? (name, value) => context.Response.Headers.Append(name, value)
                : (name, value) => context.Response.AppendTrailer(name, value);
            append("grpc-status", "8");
            append("grpc-message", "slow down");
            append("grpc-status-details-bin", Convert.ToBase64String(rich.ToByteArray()).TrimEnd('='));
        });

        using var call = server.Client.Count(new CountRequest());
        var error = await ReadToEndAsync(call).FailsSoon();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(rich, error.GetRpcStatus());
    }

    [Theory]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(302, StatusCode.Unknown)]
    public async Task HttpError_WithABody_FollowsTheTable(int httpStatus, StatusCode expected)
    {
        var requests = 0;
        await using var server = await RawServer.StartAsync(async context =>
        {
            requests++;
            context.Response.StatusCode = httpStatus;
            context.Response.ContentType = "text/html";
            context.Response.Headers.Location = "/elsewhere";
            await context.Response.WriteAsync("<h1>Sorry</h1>");
        });

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(expected, error.StatusCode);
        Assert.Contains($"HTTP status {httpStatus}", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1, requests);
    }

    [Theory]
    [InlineData("text/html", StatusCode.Unknown)]
    [InlineData("application/grpc+json", StatusCode.Internal)]
    [InlineData(null, StatusCode.Unknown)]
    public async Task ContentType_OtherThanGrpc_Fails(string? contentType, StatusCode expected)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(SayFrame("x"));
        });

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(expected, error.StatusCode);
        Assert.Contains($"'{contentType}'", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrpcStatus_UnderAnHttpError_IsWhatCounts()
    {
        await using var server = await RawServer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "7";
            return Task.CompletedTask;
        });

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Fact]
    public async Task Trailers_Missing_IsInternal()
    {
        await using var server = await RawServer.StartAsync(context => context.SendAsync(CountFrame(0)));

        using var call = server.Client.Count(new CountRequest());
        var error = await ReadToEndAsync(call).FailsSoon();

        Assert.Equal(new Status(StatusCode.Internal, "The response ended without a gRPC status."), error.Status);
    }

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(10, StatusCode.Aborted)]
    public async Task Body_CutInsideAMessage_IsInternalUnlessTheServerSaysWhy(int status, StatusCode expected)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0), CountFrame(1)[..^1]);
            context.End(status);
        });

        using var call = server.Client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var error = await call.ResponseStream.MoveNext().FailsSoon();

        Assert.Equal(expected, error.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BinaryMetadata_ThatIsNoBase64_IsInternal(bool asTrailer)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            if (asTrailer)
            {
                context.Response.AppendTrailer("x-bin", "!");
            }
            else
            {
                context.Response.Headers["x-bin"] = "!";
            }

            await context.SendAsync(SayFrame("x"));
            context.End(0);
        });

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("no base64", error.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task ReadToEndAsync(AsyncServerStreamingCall<CountResponse> call)
    {
        while (await call.ResponseStream.MoveNext())
        {
        }
    }
}
