using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;

namespace Integration.Tests;

/// <summary>What is too large is refused before it costs memory, and large answers are sent small.</summary>
public sealed class OversizeTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int MostRequestBytes = 16 * Mebibyte;
    private const int MostGrowth = 8 * Mebibyte;
    private const string ResourceExhausted = "8";
    private const string Method = "/chat.v1.ChatService/";

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web-text")]
    public async Task StreamChat_GzipBomb_IsRefusedWithoutRoomForIt(string contentType)
    {
        await using var deployment = await Deployment.StartAsync();
        var small = Encode(contentType, Frame(1, Zeros(MostRequestBytes + 1L)));
        var bomb = Encode(contentType, Frame(1, Zeros(1024L * Mebibyte)));
        Assert.InRange(bomb.Length, Mebibyte, 16 * Mebibyte);

        // The way there is compiled and its buffers exist before it is measured.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ResourceExhausted, await StatusAsync(deployment, contentType, small));
        }

        var before = PeakBytes(deployment.Process.Id);
        var status = await StatusAsync(deployment, contentType, bomb);
        var grown = PeakBytes(deployment.Process.Id) - before;

        Assert.Equal(ResourceExhausted, status);
        Assert.True(grown <= MostGrowth + bomb.Length, $"The peak grew by {grown:N0} for {bomb.Length:N0} bytes sent.");
        _ = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = "/demo tokens=1 rate=max" });
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web-text")]
    public async Task StreamChat_FrameOverSixteenMebibytes_IsRefusedWithoutRoomForIt(string contentType)
    {
        await using var deployment = await Deployment.StartAsync();
        var body = Encode(contentType, Frame(0, new byte[MostRequestBytes + 1]));
        _ = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = "/demo tokens=1 rate=max" });

        var before = PeakBytes(deployment.Process.Id);
        var status = await StatusAsync(deployment, contentType, body);
        var grown = PeakBytes(deployment.Process.Id) - before;

        Assert.Equal(ResourceExhausted, status);
        Assert.True(grown <= MostGrowth + body.Length, $"The peak grew by {grown:N0} for {body.Length:N0} bytes sent.");
    }

    [Fact]
    public async Task LargeAnswer_ToAClientThatTakesGzip_IsCompressedAndAStreamIsNot()
    {
        await using var deployment = await Deployment.StartAsync();
        const string Message = "/demo tokens=5000 rate=max";
        (string, string) accepts = ("grpc-accept-encoding", "identity,gzip");

        var whole = await RawCall.SendAsync(
            deployment.Process.Address, Method + "Chat", new ChatRequest { Message = Message }, accepts);
        var plain = await RawCall.SendAsync(
            deployment.Process.Address, Method + "Chat", new ChatRequest { Message = Message });
        var stream = await RawCall.SendAsync(
            deployment.Process.Address, Method + "StreamChat", new StreamChatRequest { Message = Message }, accepts);

        Assert.Equal(("0", "0", "0"), (whole.Status, plain.Status, stream.Status));
        Assert.Equal("gzip", Assert.Single(whole.Headers.GetValues("grpc-encoding")));
        var (flag, answer) = Assert.Single(Split(whole.Body));
        Assert.Equal(1, flag);
        var (plainFlag, plainAnswer) = Assert.Single(Split(plain.Body));
        Assert.Equal(0, plainFlag);
        Assert.Equal(
            ChatResponse.Parser.ParseFrom(plainAnswer).Text, ChatResponse.Parser.ParseFrom(Unzip(answer)).Text);
        Assert.True(answer.Length * 2 < plainAnswer.Length, $"{answer.Length} bytes of {plainAnswer.Length}.");

        Assert.False(stream.Headers.Contains("grpc-encoding"));
        var frames = Split(stream.Body);
        Assert.True(frames.Count > 5_000);
        Assert.All(frames, frame => Assert.Equal(0, frame.Flag));
    }

    private static async Task<string> StatusAsync(Deployment deployment, string contentType, byte[] body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(deployment.Process.Address, Method + "StreamChat"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.TE.ParseAdd("trailers");
        request.Headers.Add("grpc-encoding", "gzip");
        using var response = await http.SendAsync(request).InTime();
        return response.Headers.GetValues("grpc-status").Single();
    }

    private static byte[] Frame(byte flag, byte[] payload) =>
    [
        flag,
        (byte)(payload.Length >> 24),
        (byte)(payload.Length >> 16),
        (byte)(payload.Length >> 8),
        (byte)payload.Length,
        .. payload,
    ];

    private static byte[] Encode(string contentType, byte[] frame) =>
        contentType.EndsWith("text", StringComparison.Ordinal)
            ? System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(frame))
            : frame;

    private static byte[] Zeros(long count)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            var zeros = new byte[Mebibyte];
            for (var left = count; left > 0; left -= zeros.Length)
            {
                gzip.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
            }
        }

        return compressed.ToArray();
    }

    private static byte[] Unzip(byte[] compressed)
    {
        using var content = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        gzip.CopyTo(content);
        return content.ToArray();
    }

    private static List<(byte Flag, byte[] Message)> Split(byte[] body)
    {
        var frames = new List<(byte, byte[])>();
        for (var at = 0; at < body.Length;)
        {
            var end = at + 5 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            frames.Add((body[at], body[(at + 5)..end]));
            at = end;
        }

        return frames;
    }

    /// <summary>The most memory that the process has held so far.</summary>
    private static long PeakBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .Single(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024L * long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
