namespace Grpc.Tests.Hardening;

/// <summary>What can happen to bytes of any meaning.</summary>
internal static class ByteMutation
{
    private const int Kinds = 7;

    /// <summary>One change, chosen at random; bytes that are empty get a random one.</summary>
    public static byte[] Apply(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        var at = random.Next(bytes.Length);
        var end = random.Next(at, bytes.Length) + 1;
        return random.Next(Kinds) switch
        {
            0 => FlipBits(bytes, random),
            1 => bytes[..at],
            2 => bytes[at..],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => [.. bytes[..at], .. bytes[end..]],
            5 => [.. bytes[end..], .. bytes[at..end], .. bytes[..at]],
            _ => [.. bytes[..at], .. Noise(random, 16), .. bytes[at..]],
        };
    }

    public static byte[] FlipBits(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        for (var flips = random.Next(1, 4); flips > 0 && flipped.Length > 0; flips--)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    /// <summary>Up to so many random bytes.</summary>
    public static byte[] Noise(Random random, int most)
    {
        var noise = new byte[random.Next(most + 1)];
        random.NextBytes(noise);
        return noise;
    }
}
