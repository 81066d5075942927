using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Conformance;

/// <summary>How messages are compressed, where the client allows it.</summary>
public enum Compression
{
    None,

    /// <summary>The request is; responses may not be.</summary>
    Request,

    /// <summary>Responses may be.</summary>
    Response,
}

/// <summary>Every kind of call in every wire mode: what the handler does is what the client reads.</summary>
public sealed class CallTableTests
{
    private static readonly string LongText = string.Concat(Enumerable.Repeat(Behaviour.Unicode, 500));

    public static MatrixTheoryData<string, WireVariant, Compression, string> Table => new(
        [TestServer.Say, TestServer.Sum, TestServer.Count, TestServer.Chat],
        WireVariant.All,
        Enum.GetValues<Compression>(),
        Behaviour.All.Select(behaviour => behaviour.Name));

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Call_OfEachKind_ReadsAsTheHandlerMeantIt(
        string method, WireVariant variant, Compression compression, string behaviourName)
    {
        var behaviour = Behaviour.All.Single(one => one.Name == behaviourName);
        await using var server = await TestServer.StartAsync(
            behaviour.Script(LongText), options => options.ResponseCompressionAlgorithm = "gzip");

        var reply = await variant.CallAsync(server, method, Request(compression), Headers(compression));

        Assert.Equal((behaviour.Status, behaviour.Detail), (reply.Status, reply.Detail));
        AssertMessages(reply, behaviour, method, compression);
        AssertMetadata(reply, behaviour);
        if (behaviour.Status == StatusCode.NotFound)
        {
            Assert.Equal("THING_NOT_FOUND", reply.Reason);
            Assert.Equal((5, behaviour.Detail), (reply.Details!.Code, reply.Details.Message));
        }
    }

    private static void AssertMessages(
        WireReply reply, Behaviour behaviour, string method, Compression compression)
    {
        var isStream = method is TestServer.Count or TestServer.Chat;
        var fails = behaviour.Status is not (StatusCode.OK or StatusCode.DataLoss);
        var expected = isStream ? behaviour.StreamMessages : fails ? 0 : 1;
        Assert.Equal(expected, reply.Frames.Count);
        Assert.Equal(
            expected == 0 && (fails || isStream) && !behaviour.SendsHeaders,
            reply.IsTrailersOnly);

        // Only an answer that is the only one may be compressed, as long as the headers can say so; a large one is.
        var mayBeCompressed = !isStream && compression == Compression.Response && expected == 1
            && !behaviour.SendsHeaders;
        Assert.Equal(mayBeCompressed, reply.Headers.ContainsKey("grpc-encoding"));
        var isCompressed = mayBeCompressed && method == TestServer.Say;
        Assert.All(reply.Frames, frame => Assert.Equal(isCompressed ? 1 : 0, frame.Flags));
        if (method == TestServer.Sum)
        {
            Assert.All(reply.Messages(SumResponse.Parser), message => Assert.Equal(1, message.Total));
        }
        else if (method == TestServer.Count)
        {
            Assert.All(reply.Messages(CountResponse.Parser), message => Assert.Equal(LongText, message.Text));
        }
        else
        {
            Assert.All(reply.Messages(SayResponse.Parser), message => Assert.Equal(LongText, message.Text));
        }
    }

    private static void AssertMetadata(WireReply reply, Behaviour behaviour)
    {
        Assert.Equal(behaviour.SendsHeaders, reply.Headers.ContainsKey("x-h"));
        if (behaviour.SendsHeaders)
        {
            AssertPairs(reply.Headers, "h");
        }

        if (reply.Trailers.ContainsKey("x-t"))
        {
            AssertPairs(reply.Trailers, "t");
        }

        Assert.Equal(
            behaviour.Name is "sends headers and trailers" or "fails after a message",
            reply.Trailers.ContainsKey("x-t"));
    }

    private static void AssertPairs(IReadOnlyDictionary<string, IReadOnlyList<string>> read, string suffix)
    {
        Assert.Equal(["first", "second, with a comma"], read[$"x-{suffix}"]);
        Assert.Equal(Behaviour.Binary, WireReply.FromBase64(Assert.Single(read[$"x-{suffix}-bin"])));
    }

    private static byte[] Request(Compression compression)
    {
        var message = new SayRequest();
        return compression == Compression.Request ? Gzipped(message) : Frames.Of(message);
    }

    private static (string, string)[] Headers(Compression compression) => compression switch
    {
        Compression.Request => [("grpc-encoding", "gzip")],
        Compression.Response => [("grpc-accept-encoding", "deflate, gzip")],
        _ => [],
    };

    private static byte[] Gzipped(SayRequest message)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(message.ToByteArray());
        }

        return Frames.Raw(1, compressed.ToArray());
    }
}
