using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Server.Kit;

namespace Grpc.Tests.Conformance;

/// <summary>A frame of a reply.</summary>
internal sealed record ReplyFrame(byte Flags, byte[] Payload)
{
    public byte[] Message => Flags == 1 ? Unzip() : Payload;

    private byte[] Unzip()
    {
        using var content = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(Payload), CompressionMode.Decompress);
        gzip.CopyTo(content);
        return content.ToArray();
    }
}

/// <summary>An answer to a call, read by the letter of the specification and without the code under test.</summary>
internal sealed record WireReply(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Headers,
    IReadOnlyList<ReplyFrame> Frames,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Trailers,
    bool IsTrailersOnly)
{
    private const byte TrailersFlag = 0x80;

    public StatusCode Status =>
        (StatusCode)int.Parse(Assert.Single(Trailers["grpc-status"]), CultureInfo.InvariantCulture);

    public string Detail =>
        Trailers.TryGetValue("grpc-message", out var text) ? Uri.UnescapeDataString(Assert.Single(text)) : string.Empty;

    public Google.Rpc.Status? Details => Trailers.TryGetValue("grpc-status-details-bin", out var text)
        ? Google.Rpc.Status.Parser.ParseFrom(FromBase64(Assert.Single(text)))
        : null;

    public string? Reason => Details?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason;

    public IReadOnlyList<T> Messages<T>(MessageParser<T> parser)
        where T : IMessage<T> => [.. Frames.Select(frame => parser.ParseFrom(frame.Message))];

    public static byte[] FromBase64(string unpadded) =>
        Convert.FromBase64String(unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '='));

    public static WireReply Of(WireVariant variant, WireAnswer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.StartsWith(
            variant.ContentType.Split('+')[0], answer.ContentHeaders.ContentType!.ToString(), StringComparison.Ordinal);
        var frames = Split(variant.IsText ? Decode(answer.Body) : answer.Body);
        var headers = Read(answer.Headers);
        if (headers.ContainsKey("grpc-status"))
        {
            Assert.Empty(frames);
            Assert.Empty(answer.Trailers);
            return new WireReply(headers, frames, headers, IsTrailersOnly: true);
        }

        if (!variant.IsWeb)
        {
            return new WireReply(headers, frames, Read(answer.Trailers), IsTrailersOnly: false);
        }

        Assert.Empty(answer.Trailers);
        Assert.Equal(TrailersFlag, frames[^1].Flags);
        return new WireReply(
            headers, frames.SkipLast(1).ToArray(), ReadTrailers(frames[^1].Payload), IsTrailersOnly: false);
    }

    private static Dictionary<string, IReadOnlyList<string>> Read(HttpResponseHeaders headers) => headers.ToDictionary(
        header => header.Key, header => (IReadOnlyList<string>)[.. header.Value], StringComparer.OrdinalIgnoreCase);

    /// <summary>Every segment is padded, so each '=' ends one.</summary>
    private static byte[] Decode(byte[] text)
    {
        Assert.Equal(0, text.Length % 4);
        return
        [
            .. Enumerable.Range(0, text.Length / 4)
                .SelectMany(group => Convert.FromBase64String(Encoding.ASCII.GetString(text, group * 4, 4))),
        ];
    }

    private static List<ReplyFrame> Split(byte[] body)
    {
        var frames = new List<ReplyFrame>();
        for (var position = 0; position < body.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(position + 1));
            var start = position + Server.Kit.Frames.HeaderSize;
            frames.Add(new ReplyFrame(body[position], body[start..(start + length)]));
            position = start + length;
        }

        return frames;
    }

    // Lines of "name: value", names in lower case, values as in HTTP.
    private static Dictionary<string, IReadOnlyList<string>> ReadTrailers(byte[] payload)
    {
        var text = Encoding.ASCII.GetString(payload);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        var lines = text[..^2].Split("\r\n").Select(line => line.Split(':', 2)).ToArray();
        Assert.All(lines, line => Assert.Equal(line[0].ToLowerInvariant(), line[0]));
        return lines
            .GroupBy(line => line[0])
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(l => l[1].Trim())]);
    }
}
