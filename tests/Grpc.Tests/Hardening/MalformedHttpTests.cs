using System.Net.Sockets;
using System.Text;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>What HTTP itself forbids: the handler never sees it.</summary>
[Collection(Alone.Name)]
public sealed class MalformedHttpTests
{
    private const int HeaderBytesAllowed = 32 * 1024;

    // A handler that throws makes an Error log, which fails the test.
    private static readonly EchoScript Uncalled = new()
    {
        Count = (_, _, _) => throw new InvalidOperationException("The handler was called."),
    };

    private static readonly byte[] OneRequest = Frames.Of(new CountRequest { Count = 1 });

    [Theory]
    [InlineData("one\rtwo")]
    [InlineData("one\ntwo")]
    [InlineData("one\r\nx-smuggled: two")]
    [InlineData("one\0two")]
    public Task Http2_ForbiddenCharacterInAValue_EndsTheStream(string value) =>
        AssertRefusedAsync(Http2Frames.Call(TestServer.Count, ("x-value", value)), OneRequest);

    [Fact]
    public Task Http2_HeadersOverTheirLimit_EndTheStream() => AssertRefusedAsync(
        Http2Frames.Call(TestServer.Count, ("x-value", new string('x', HeaderBytesAllowed))), OneRequest);

    [Theory]
    [InlineData("3")]
    [InlineData("13")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("x")]
    public Task Http2_ContentLengthThatLies_EndsTheStream(string length) =>
        AssertRefusedAsync(Http2Frames.Call(TestServer.Count, ("content-length", length)), OneRequest);

    [Theory]
    [InlineData("x-value: one\rtwo", 400)]
    [InlineData("x-value: one\ntwo", 400)]
    [InlineData("x-value: one\r\n two", 400)]
    [InlineData("x-value: one\0two", 400)]
    [InlineData("content-length: 3", 400)]
    [InlineData("", 431)]
    public async Task Http1_MalformedHeader_IsRefused(string line, int status)
    {
        line = line.Length > 0 ? line : $"x-value: {new string('x', HeaderBytesAllowed)}";
        await new Siege(Uncalled).WithstandAsync(async server =>
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(server.Http1Address.Host, server.Http1Address.Port).WithinLimit();
            var head = $"POST {TestServer.Count} HTTP/1.1\r\nhost: localhost\r\n"
                + $"content-type: application/grpc-web\r\ncontent-length: {OneRequest.Length}\r\n{line}\r\n\r\n";
            await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head), TestContext.Current.CancellationToken);

            using var reader = new StreamReader(tcp.GetStream());
            var answer = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithinLimit();
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        });
    }

    private static async Task AssertRefusedAsync(byte[] headers, byte[] body)
    {
        await new Siege(Uncalled).WithstandAsync(async server =>
        {
            await using var attacker = await Http2Attacker.ConnectAsync(server.Address);
            await attacker.TrySendAsync(
            [
                .. HeaderFrames(headers),
                .. Http2Frames.Frame(Http2Frames.Data, Http2Frames.EndStream, 1, body),
            ]);

            var end = await attacker.ReceiveAsync(frame => frame.EndsStream || frame.Type == Http2Frames.GoAway);
            Assert.True(
                end is null or { Type: Http2Frames.ResetStream or Http2Frames.GoAway } || IsHeadersTooLarge(end),
                $"{end}");
        });
    }

    // Kestrel says this much in HTTP; it does not compress the digits.
    private static bool IsHeadersTooLarge(ServerFrame frame) =>
        Encoding.Latin1.GetString(frame.Payload).Contains("431", StringComparison.Ordinal);

    // A frame holds 16 KiB, so a larger block goes on in further ones.
    private static IEnumerable<byte> HeaderFrames(byte[] block)
    {
        const int MostInAFrame = 16 * 1024;
        var pieces = block.Chunk(MostInAFrame).ToArray();
        return pieces.SelectMany((piece, i) => Http2Frames.Frame(
            i == 0 ? Http2Frames.Headers : Http2Frames.Continuation,
            i == pieces.Length - 1 ? Http2Frames.EndHeaders : (byte)0,
            1,
            piece));
    }
}
