using System.Buffers.Binary;
using Google.Protobuf;

namespace Grpc.Tests.Server.Kit;

/// <summary>Messages on the wire, made and split without the code under test.</summary>
internal static class Frames
{
    public const int HeaderSize = 5;

    public static byte[] Of(params IMessage[] messages) => [.. messages.SelectMany(m => Raw(0, m.ToByteArray()))];

    public static byte[] Raw(byte flags, byte[] payload, uint? length = null)
    {
        var frame = new byte[HeaderSize + payload.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(frame, HeaderSize);
        return frame;
    }

    /// <summary>The length of the frame that begins here, header included.</summary>
    public static int LengthOf(ReadOnlySpan<byte> frame) =>
        HeaderSize + (int)BinaryPrimitives.ReadUInt32BigEndian(frame[1..]);

    public static IReadOnlyList<byte[]> Split(byte[] body)
    {
        var messages = new List<byte[]>();
        for (var position = 0; position < body.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(position + 1));
            Assert.Equal(0, body[position]);
            messages.Add(body[(position + HeaderSize)..(position + HeaderSize + length)]);
            position += HeaderSize + length;
        }

        return messages;
    }
}
