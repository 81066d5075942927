using System.Buffers.Binary;
using System.Text;

namespace Grpc.Tests.Hardening;

/// <summary>Frames of RFC 9113, section 6, made by hand: a client library would not send what attacks.</summary>
internal static class Http2Frames
{
    public const int HeaderBytes = 9;
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;

    private const byte InitialWindowSize = 4;
    private const byte WholeLengthPrefix = 127;

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    public static byte[] Cancel(int stream) => Frame(ResetStream, 0, stream, [0, 0, 0, 8]);

    public static byte[] Window(int bytes)
    {
        var setting = new byte[6];
        setting[1] = InitialWindowSize;
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), bytes);
        return Frame(Settings, 0, 0, setting);
    }

    /// <summary>The header block of a call, in literals that are neither indexed nor Huffman-coded.</summary>
    public static byte[] Call(string path, params ReadOnlySpan<(string Name, string Value)> more) => Literals(
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        .. more,
    ]);

    public static byte[] Literals(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            block.AddRange([0, .. Literal(name), .. Literal(value)]);
        }

        return [.. block];
    }

    private static byte[] Literal(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return [.. Length(bytes.Length), .. bytes];
    }

    // RFC 7541, section 5.1, with a prefix of seven bits.
    private static List<byte> Length(int length)
    {
        if (length < WholeLengthPrefix)
        {
            return [(byte)length];
        }

        var bytes = new List<byte> { WholeLengthPrefix };
        for (length -= WholeLengthPrefix; length >= 0x80; length >>= 7)
        {
            bytes.Add((byte)(length | 0x80));
        }

        bytes.Add((byte)length);
        return bytes;
    }
}
