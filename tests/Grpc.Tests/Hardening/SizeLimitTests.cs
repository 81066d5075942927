using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Conformance;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>The limit of a message counts its own bytes, however it travels.</summary>
public sealed class SizeLimitTests
{
    private const int Limit = 100_000;

    public static MatrixTheoryData<WireVariant, int, bool> Table =>
        new(WireVariant.All, [Limit - 1, Limit, Limit + 1], [false, true]);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Message_AroundTheLimit_IsTakenUpToIt(WireVariant variant, int bytes, bool isCompressed)
    {
        await using var server = await TestServer.StartAsync(grpc: options => options.MaxReceiveMessageSize = Limit);
        var message = MessageOf(bytes);
        var frame = isCompressed
            ? Frames.Raw(1, global::Grpc.Core.Wire.Gzip.Compress(message))
            : Frames.Raw(0, message);

        var reply = await variant.CallAsync(server, TestServer.Say, frame, ("grpc-encoding", "gzip"));

        if (bytes <= Limit)
        {
            Assert.Equal(StatusCode.OK, reply.Status);
            Assert.Equal(message, Assert.Single(reply.Frames).Message);
        }
        else
        {
            Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (reply.Status, reply.Reason));
            Assert.Contains(Limit.ToString(CultureInfo.InvariantCulture), reply.Detail, StringComparison.Ordinal);
        }
    }

    private static byte[] MessageOf(int bytes)
    {
        const int TagAndLength = 4;
        var message = new SayRequest { Text = new string('x', bytes - TagAndLength) }.ToByteArray();
        Assert.Equal(bytes, message.Length);
        return message;
    }
}
