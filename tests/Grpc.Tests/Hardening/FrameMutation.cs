using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Grpc.Tests.Server.Kit;

namespace Grpc.Tests.Hardening;

/// <summary>What can be wrong with frames, with gzip in them and with base64 around them.</summary>
internal static class FrameMutation
{
    private const int Kinds = 6;
    private const int TextKinds = 5;

    // What a base64 reader may stumble over: padding, white space, the URL alphabet, and what is in no alphabet.
    private static readonly byte[] Intruders = [.. "= \r\n\t-_*"u8, 0, 0x80, 0xFF];

    // Around the limit of 4 MiB, around the sign, and what is short of or past the frame.
    private static readonly uint[] Lengths =
        [0, 1, 4, 5, 255, 65_536, 4_194_303, 4_194_304, 4_194_305, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    /// <summary>Frames that a change made wrong, as one body.</summary>
    public static byte[] Mutate(List<byte[]> frames, Random random)
    {
        if (frames.Count == 0)
        {
            return ByteMutation.Noise(random, 64);
        }

        var at = random.Next(frames.Count);
        switch (random.Next(Kinds))
        {
            case 0:
                BinaryPrimitives.WriteUInt32BigEndian(frames[at].AsSpan(1), Lengths[random.Next(Lengths.Length)]);
                break;
            case 1:
                frames[at][0] = (byte)random.Next(256);
                break;
            case 2:
                frames.Insert(at, frames[at]);
                break;
            case 3:
                var other = random.Next(frames.Count);
                (frames[at], frames[other]) = (frames[other], frames[at]);
                break;
            case 4:
                frames[at] = frames[at][..random.Next(frames[at].Length)];
                break;
            default:
                return ByteMutation.Apply([.. frames.SelectMany(frame => frame)], random);
        }

        return [.. frames.SelectMany(frame => frame)];
    }

    /// <summary>Gzip of a message, whole or not.</summary>
    public static byte[] Compressed(byte[] message, bool isCorrupt, Random random)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        var bytes = compressed.ToArray();
        return Frames.Raw(1, isCorrupt ? ByteMutation.Apply(bytes, random) : bytes);
    }

    /// <summary>Base64 in one or two padded segments.</summary>
    public static byte[] Encode(byte[] frames, Random random)
    {
        var cut = random.Next(2) == 0 ? 0 : random.Next(frames.Length + 1);
        return Encoding.ASCII.GetBytes(
            Convert.ToBase64String(frames, 0, cut) + Convert.ToBase64String(frames, cut, frames.Length - cut));
    }

    /// <summary>Base64 that a change made wrong.</summary>
    public static byte[] BreakBase64(byte[] text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var intruder = Intruders[random.Next(Intruders.Length)];
        return random.Next(TextKinds) switch
        {
            0 => [.. text[..at], intruder, .. text[at..]],
            1 => [.. text[..at], intruder, .. text[Math.Min(at + 1, text.Length)..]],
            2 => text[..at],
            3 => [.. text[..at], .. text[Math.Min(at + 1, text.Length)..]],
            _ => ByteMutation.Apply(text, random),
        };
    }
}
