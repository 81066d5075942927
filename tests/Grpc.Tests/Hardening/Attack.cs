using Google.Protobuf;
using Grpc.Tests.Conformance;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>One request that may be wrong in several ways; the same seed and number always make the same one.</summary>
/// <param name="Faults">What was done to it; empty: it is as it should be.</param>
internal sealed record Attack(
    string Path, WireVariant Variant, byte[] Body, (string Name, string Value)[] Headers, string Faults)
{
    private static readonly string[] Methods =
        [TestServer.Say, TestServer.Count, TestServer.Sum, TestServer.Chat, TestServer.Plant];

    public static Attack Make(int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var path = Methods[random.Next(Methods.Length)];
        var variant = WireVariant.All[random.Next(WireVariant.All.Count)];
        var announcesGzip = random.Next(2) == 0;
        var faults = new List<string>();
        var isUnary = path is TestServer.Say or TestServer.Count or TestServer.Plant;
        var messages = isUnary ? 1 : random.Next(4);
        var frames = new List<byte[]>();
        for (var i = 0; i < messages; i++)
        {
            var message = Request(path, random).ToByteArray();
            if (Happens("message", oneIn: 3))
            {
                message = MessageMutation.Mutate(message, random);
            }

            frames.Add(announcesGzip && random.Next(2) == 0
                ? FrameMutation.Compressed(message, Happens("gzip", oneIn: 3), random)
                : Frames.Raw(0, message));
        }

        var body = Happens("frame", oneIn: 3)
            ? FrameMutation.Mutate(frames, random)
            : [.. frames.SelectMany(frame => frame)];
        if (variant.IsText)
        {
            body = FrameMutation.Encode(body, random);
            body = Happens("base64", oneIn: 3) ? FrameMutation.BreakBase64(body, random) : body;
        }

        return new Attack(
            path, variant, body, announcesGzip ? [("grpc-encoding", "gzip")] : [], string.Join(", ", faults));

        bool Happens(string fault, int oneIn)
        {
            if (random.Next(oneIn) != 0)
            {
                return false;
            }

            faults.Add(fault);
            return true;
        }
    }

    public override string ToString() =>
        $"{Path} as {Variant}, faults: [{Faults}], body {Convert.ToHexString(Body)}";

    private static IMessage Request(string path, Random random) => path switch
    {
        TestServer.Say => new SayRequest { Text = MessageMutation.Text(random) },
        TestServer.Count => new CountRequest { Count = random.Next(4) },
        TestServer.Sum => new SumRequest { Value = random.NextInt64() >> random.Next(64) },
        TestServer.Chat => new ChatRequest { Text = MessageMutation.Text(random) },
        _ => MessageMutation.Tree(random, depth: 3),
    };
}
