using Google.Rpc;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace Grpc.Tests.Conformance;

/// <summary>What a client is told of a handler's bug: an id, and in development the exception.</summary>
public sealed class BugTests
{
    private const string Secret = "the text of an exception may hold anything";

    public static MatrixTheoryData<WireVariant, bool> Table => new(WireVariant.All, [false, true]);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Call_WhoseHandlerThrows_TellsTheExceptionInDevelopmentOnly(WireVariant variant, bool detailed)
    {
        await using var server = await TestServer.StartAsync(
            new EchoScript { Say = (_, _) => throw new FormatException($"{Secret} {new string('語', 10_000)}") },
            options => options.EnableDetailedErrors = detailed);

        var reply = await variant.CallAsync(server, TestServer.Say, Frames.Of(new SayRequest()));

        var error = server.TakeError();
        Assert.Equal((StatusCode.Internal, "INTERNAL_ERROR"), (reply.Status, reply.Reason));
        var id = reply.Details!.GetDetail<ErrorInfo>()!.Metadata["error_id"];
        Assert.Contains(id, reply.Detail, StringComparison.Ordinal);
        Assert.Contains(id, error.Text, StringComparison.Ordinal);
        Assert.Equal(detailed, reply.Detail.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(
            detailed, reply.Details.GetDetail<DebugInfo>()?.Detail.Contains(Secret, StringComparison.Ordinal) == true);

        // Many clients take 8 KiB of headers in all.
        Assert.InRange(reply.Trailers.Sum(trailer => trailer.Key.Length + trailer.Value[0].Length), 1, 8_000);
    }
}
