using System.Buffers.Binary;
using System.Text;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>The frames of RFC 9113 that the load sends.</summary>
internal static class Http2Frames
{
    public const int HeaderBytes = 9;
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Ack = 1;

    private const byte WindowUpdate = 8;
    private const byte InitialWindowSize = 4;
    private const int LargestWindow = int.MaxValue;
    private const int DefaultWindow = 65_535;

    public static byte[] Frame(byte type, byte flags, int id, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>Windows so large that flow control never waits.</summary>
    public static byte[] Hello() =>
    [
        .. Frame(Settings, 0, 0, [0, InitialWindowSize, .. BigEndian(LargestWindow)]),
        .. GrowWindow(LargestWindow - DefaultWindow),
    ];

    public static byte[] GrowWindow(int bytes) => Frame(WindowUpdate, 0, 0, BigEndian(bytes));

    /// <summary>A header block of literals, neither indexed nor Huffman-coded; names and values are short.</summary>
    public static byte[] Literals(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)]);
            block.AddRange([(byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        return [.. block];
    }

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
