using Google.Protobuf;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>Messages as a client may serialize them, and what looks like one.</summary>
internal static class MessageMutation
{
    private const int Kinds = 6;
    private const int DeepestField = 20;
    private const int DeepestNesting = 300;

    // Of 1, 2, 3 and 4 bytes, and text that ends like a frame or a number might.
    private static readonly string[] Texts = ["", "a", "ключ", "日本語", "🙂🙂", "\0", "\u202E\r\n", "x=%&+/", "0"];

    public static byte[] Mutate(byte[] message, Random random) => random.Next(Kinds) switch
    {
        0 => ByteMutation.Noise(random, 64),
        1 => [.. message, .. Field(random)],
        2 => [.. Field(random), .. message],
        3 => Nested(random),
        4 => [.. message, .. message],
        _ => ByteMutation.Apply(message, random),
    };

    public static string Text(Random random) => string.Concat(random.GetItems(Texts, random.Next(8)));

    public static PlantRequest Tree(Random random, int depth)
    {
        var tree = new PlantRequest { Text = Text(random), Raw = ByteString.CopyFrom(ByteMutation.Noise(random, 20)) };
        tree.Texts.Add(Enumerable.Range(0, random.Next(3)).Select(_ => Text(random)));
        tree.Labels[Text(random)] = Text(random);
        tree.Numbers.Add(Enumerable.Range(0, random.Next(4)).Select(_ => (uint)random.Next()));
        if (depth > 0 && random.Next(2) == 0)
        {
            tree.Child = Tree(random, depth - 1);
        }

        return random.Next(2) == 0
            ? new PlantRequest(tree) { Chosen = Text(random) }
            : new PlantRequest(tree) { Measured = random.NextDouble() };
    }

    // A tag of any number and wire type, the two that do not exist among them, and something behind it.
    private static byte[] Field(Random random)
    {
        var tag = (byte)((random.Next(DeepestField) << 3) | random.Next(8));
        return [tag, (byte)random.Next(24), .. ByteMutation.Noise(random, 24)];
    }

    // Trees in trees by length, or groups that open and may never close: more than a parser goes down.
    private static byte[] Nested(Random random)
    {
        const byte Child = 0x2A;
        const byte StartGroup = 0x2B;
        const byte EndGroup = 0x2C;
        var levels = random.Next(DeepestNesting);
        if (random.Next(2) == 0)
        {
            return [.. Enumerable.Repeat(StartGroup, levels), .. Enumerable.Repeat(EndGroup, random.Next(2) * levels)];
        }

        byte[] tree = [];
        for (var level = 0; level < levels; level++)
        {
            tree = tree.Length < 128
                ? [Child, (byte)tree.Length, .. tree]
                : [Child, (byte)(tree.Length | 0x80), (byte)(tree.Length >> 7), .. tree];
        }

        return tree;
    }
}
