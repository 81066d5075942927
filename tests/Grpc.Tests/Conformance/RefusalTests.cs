using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Conformance;

/// <summary>A request that is wrong, and the answer to it.</summary>
/// <param name="Frames">The body before a text mode encodes it.</param>
internal sealed record WrongRequest(
    string Name, byte[] Frames, StatusCode Status, string Reason, params (string, string)[] Headers)
{
    public string Path { get; init; } = TestServer.Say;

    public override string ToString() => Name;
}

/// <summary>What the library itself refuses, in every wire mode: by status and reason, before the handler.</summary>
public sealed class RefusalTests
{
    private const int Limit = 1_000;
    private const string Frame = "FRAME_MALFORMED";
    private const string Message = "MESSAGE_MALFORMED";
    private const string Header = "HEADER_MALFORMED";
    private const string Size = "MESSAGE_TOO_LARGE";
    private const string Count = "MESSAGE_COUNT";
    private const string Encoding = "ENCODING_UNSUPPORTED";

    private static readonly byte[] Good = Frames.Of(new SayRequest { Text = "hello" });
    private static readonly (string, string) Gzip = ("grpc-encoding", "gzip");

    private static readonly WrongRequest[] Wrong =
    [
        new("no message", [], StatusCode.Unimplemented, Count),
        new("two messages", [.. Good, .. Good], StatusCode.Unimplemented, Count),
        new("prefix cut short", Good[..3], StatusCode.Internal, Frame),
        new("prefix alone", Good[..5], StatusCode.Internal, Frame),
        new("message cut short", Good[..^1], StatusCode.Internal, Frame),
        new("message and half a prefix", [.. Good, 0, 0], StatusCode.Internal, Frame),
        new("flag 2", Frames.Raw(2, []), StatusCode.Internal, Frame),
        new("a trailers frame", Frames.Raw(0x80, [1]), StatusCode.Internal, Frame),
        new("compressed without encoding", Frames.Raw(1, [1, 2, 3]), StatusCode.Internal, Frame),
        new("compressed with identity", Frames.Raw(1, [1]), StatusCode.Internal, Frame, ("grpc-encoding", "identity")),
        new("corrupt gzip", Frames.Raw(1, [1, 2, 3]), StatusCode.Internal, Frame, Gzip),
        new("gzip cut short", Frames.Raw(1, Zip(new byte[50])[..^3]), StatusCode.Internal, Frame, Gzip),
        new("gzip of no protobuf", Frames.Raw(1, Zip([0xFF, 0xFF])), StatusCode.Internal, Message, Gzip),
        new("gzip bomb", Frames.Raw(1, Zip(new byte[200_000])), StatusCode.ResourceExhausted, Size, Gzip),
        new("length 4 GiB", Frames.Raw(0, [], uint.MaxValue), StatusCode.ResourceExhausted, Size),
        new("length one over", Frames.Raw(0, [], Limit + 1), StatusCode.ResourceExhausted, Size),
        new("random bytes", Frames.Raw(0, [0xFF, 0xFF, 0xFF]), StatusCode.Internal, Message),
        new("invalid UTF-8", Frames.Raw(0, [0x0A, 2, 0xC3, 0x28]), StatusCode.Internal, Message),
        new("nesting of 200", Frames.Raw(0, Nested(200)), StatusCode.Internal, Message)
        {
            Path = TestServer.Plant,
        },
        new("encoding foo", Good, StatusCode.Unimplemented, Encoding, ("grpc-encoding", "foo")),
        new("two encodings", Good, StatusCode.Unimplemented, Encoding, Gzip, ("grpc-encoding", "identity")),
        new("timeout 1x", Good, StatusCode.Internal, Header, ("grpc-timeout", "1x")),
        new("timeout of nine digits", Good, StatusCode.Internal, Header, ("grpc-timeout", "123456789n")),
        new("timeout without a unit", Good, StatusCode.Internal, Header, ("grpc-timeout", "10")),
        new("timeout negative", Good, StatusCode.Internal, Header, ("grpc-timeout", "-1S")),
        new("no time left", Good, StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", ("grpc-timeout", "0n")),
        new("binary header that is none", Good, StatusCode.Internal, Header, ("x-bin", "not base64!")),
        new("unknown method", Good, StatusCode.Unimplemented, "METHOD_UNKNOWN")
        {
            Path = "/grpctests.v1.EchoService/Nope",
        },
        new("unknown service", Good, StatusCode.Unimplemented, "SERVICE_UNKNOWN") { Path = "/no.Such/Say" },
    ];

    public static MatrixTheoryData<string, WireVariant> Table => new(Wrong.Select(one => one.Name), WireVariant.All);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Call_ThatIsWrong_IsRefusedWithAReasonAndTheConnectionLives(string name, WireVariant variant)
    {
        var wrong = Wrong.Single(one => one.Name == name);
        await using var server = await TestServer.StartAsync(
            new EchoScript { Say = (_, _) => throw new InvalidOperationException("The handler was called.") },
            options => options.MaxReceiveMessageSize = Limit);

        var reply = await variant.CallAsync(server, wrong.Path, wrong.Frames, wrong.Headers);

        Assert.Equal((wrong.Status, wrong.Reason), (reply.Status, reply.Reason));
        Assert.Equal(("grpc", (int)wrong.Status, reply.Detail), (
            reply.Details!.GetDetail<Google.Rpc.ErrorInfo>()!.Domain, reply.Details.Code, reply.Details.Message));
        Assert.True(reply.IsTrailersOnly);
        Assert.NotEmpty(reply.Detail);
        Assert.Equal(
            wrong.Reason is Encoding or Header or "DEADLINE_EXCEEDED",
            reply.Headers.TryGetValue("grpc-accept-encoding", out var accepted) && accepted[0] == "identity,gzip");
        Assert.Equal(StatusCode.OK, (await variant.CallAsync(server, TestServer.Plant, Frames.Raw(0, []))).Status);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/grpc+xyz", 415)]
    [InlineData("application/grpc-web+json", 415)]
    [InlineData("application/grpc", 426)]
    [InlineData("application/grpc-web", 200)]
    [InlineData("application/grpc-web-text", 200)]
    public async Task Call_OverHttp1_DependsOnTheContentType(string contentType, int status)
    {
        await using var server = await TestServer.StartAsync();
        var variant = new WireVariant("any", contentType, 1);

        var answer = await server.SendAsync(variant.Request(server, TestServer.Say, Good));

        Assert.Equal(status, (int)answer.HttpStatus);
        Assert.Equal(status == 426, answer.Headers.Upgrade.Count > 0);
    }

    private static byte[] Zip(byte[] content) => global::Grpc.Core.Wire.Gzip.Compress(content);

    // Each level is the field 5 with the rest in it; the lengths must stay below the limit of the server.
    private static byte[] Nested(int levels)
    {
        byte[] tree = [];
        for (var i = 0; i < levels; i++)
        {
            var length = tree.Length;
            byte[] prefix = length < 128 ? [(byte)length] : [(byte)(length | 0x80), (byte)(length >> 7)];
            tree = [0x2A, .. prefix, .. tree];
        }

        return tree;
    }
}
