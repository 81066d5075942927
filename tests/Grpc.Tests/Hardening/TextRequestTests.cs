using System.Text;
using Grpc.Core;
using Grpc.Tests.Conformance;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>Requests in gRPC-Web's text mode: base64, however it is cut and wherever it is wrong.</summary>
public sealed class TextRequestTests
{
    private static readonly byte[] Frame = Frames.Of(new SayRequest { Text = "hello, Grüße" });
    private static readonly string Text = Convert.ToBase64String(Frame);

    public static TheoryData<WireVariant> Variants => [WireVariant.TextHttp1, WireVariant.TextHttp2];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Text_CutAtEveryByte_IsRead(WireVariant variant)
    {
        await using var server = await TestServer.StartAsync();
        for (var cut = 0; cut <= Text.Length; cut++)
        {
            var body = new OpenBody();
            var answering = server.OpenAsync(variant.Request(server, TestServer.Say, body));
            await body.SendAsync(Encoding.ASCII.GetBytes(Text[..cut]));
            await body.SendAsync(Encoding.ASCII.GetBytes(Text[cut..]));
            body.End();

            using var call = await answering;
            AssertSaid("hello, Grüße", WireReply.Of(variant, await call.ReadRestAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Text_InPaddedSegmentsOfAnyLength_IsRead(WireVariant variant)
    {
        await using var server = await TestServer.StartAsync();
        for (var first = 0; first <= Frame.Length; first++)
        {
            var second = first + ((Frame.Length - first) / 2);
            var text = Convert.ToBase64String(Frame[..first])
                + Convert.ToBase64String(Frame[first..second])
                + Convert.ToBase64String(Frame[second..]);

            AssertSaid("hello, Grüße", await CallAsync(server, variant, text));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Text_WithAWrongCharacterAnywhere_IsMalformed(WireVariant variant)
    {
        await using var server = await TestServer.StartAsync();
        for (var at = 0; at < Text.Length; at++)
        {
            foreach (var wrong in "*-_ \n\0\u00FF")
            {
                await AssertMalformedAsync(server, variant, $"{Text[..at]}{wrong}{Text[(at + 1)..]}");
                await AssertMalformedAsync(server, variant, $"{Text[..at]}{wrong}{Text[at..]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Text_CutShortAnywhere_IsMalformed(WireVariant variant)
    {
        await using var server = await TestServer.StartAsync();
        for (var length = 1; length < Text.Length; length++)
        {
            await AssertMalformedAsync(server, variant, Text[..length]);
        }
    }

    // The last group holds one byte: without its padding it is no group, and white space does not make it one.
    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("= =")]
    [InlineData("===")]
    [InlineData("==\n")]
    [InlineData("==    ")]
    [InlineData("==AAAA")]
    [InlineData("======")]
    public async Task Text_WithAWrongEnd_IsMalformed(string end)
    {
        await using var server = await TestServer.StartAsync();
        var frame = Frames.Of(new SayRequest { Text = "123456" });
        var text = Convert.ToBase64String(frame);
        Assert.EndsWith("==", text, StringComparison.Ordinal);

        foreach (var variant in new[] { WireVariant.TextHttp1, WireVariant.TextHttp2 })
        {
            await AssertMalformedAsync(server, variant, text[..^2] + end);
            AssertSaid("123456", await CallAsync(server, variant, text));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Text_OfAMillionBytes_IsRead(WireVariant variant)
    {
        await using var server = await TestServer.StartAsync();
        var message = new string('x', 1_000_000);

        AssertSaid(message, await variant.CallAsync(
            server, TestServer.Say, Frames.Of(new SayRequest { Text = message })));
    }

    private static async Task<WireReply> CallAsync(TestServer server, WireVariant variant, string text)
    {
        using var body = new ByteArrayContent(Encoding.Latin1.GetBytes(text));
        return WireReply.Of(variant, await server.SendAsync(variant.Request(server, TestServer.Say, body)));
    }

    private static void AssertSaid(string text, WireReply reply)
    {
        Assert.Equal(StatusCode.OK, reply.Status);
        Assert.Equal(text, Assert.Single(reply.Messages(SayResponse.Parser)).Text);
    }

    private static async Task AssertMalformedAsync(TestServer server, WireVariant variant, string text)
    {
        var reply = await CallAsync(server, variant, text);
        Assert.Equal((text, StatusCode.Internal, "FRAME_MALFORMED"), (text, reply.Status, reply.Reason));
    }
}
