using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client.Responses;
using Grpc.Tests.V1;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class ResponseFramesTests
{
    private static readonly Marshaller<CountResponse> Marshaller = Marshallers.Create(
        (message, context) => context.Complete(message.ToByteArray()),
        context => CountResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    [Fact]
    public async Task TryRead_OfFramesSplitAtAnyByte_GivesTheSameMessages()
    {
        byte[] body = [.. CountFrame(1), .. Frame(new CountResponse()), .. CountFrame(300)];
        for (var split = 1; split < body.Length; split++)
        {
            var messages = await ReadAsync([body[..split], body[split..]]);

            Assert.Equal([1, 0, 300], messages.Select(message => message.Index));
        }
    }

    [Fact]
    public async Task TryRead_OfBytesOneByOne_GivesTheSameMessages()
    {
        byte[] body = [.. CountFrame(1), .. CountFrame(2)];

        var messages = await ReadAsync([.. body.Select(value => new[] { value })]);

        Assert.Equal([1, 2], messages.Select(message => message.Index));
    }

    [Theory]
    [InlineData(4090)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task TryRead_OfAMessageBeyondTheBuffer_GrowsIt(int length)
    {
        var text = new string('x', length);
        byte[] body = [.. CountFrame(1), .. Frame(new CountResponse { Text = text }), .. CountFrame(2)];

        var messages = await ReadAsync([.. body.Chunk(1000)]);

        Assert.Equal(["token 1", text, "token 2"], messages.Select(message => message.Text));
    }

    [Fact]
    public async Task TryRead_OfALengthOverTheLimit_IsResourceExhaustedFromTheHeaderAlone()
    {
        byte[] header = [0, 0xFF, 0xFF, 0xFF, 0xFF];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync([header]));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task TryRead_OfTheLimitItself_IsAccepted()
    {
        var frame = CountFrame(1);

        Assert.Single(await ReadAsync([frame], frame.Length - 5));
        await Assert.ThrowsAsync<RpcException>(() => ReadAsync([frame], frame.Length - 6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0x80)]
    public async Task TryRead_OfAFlagThisClientDidNotAskFor_IsInternal(byte flags)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync([Frame(new CountResponse(), flags)]));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task TryRead_OfBytesThatAreNoMessage_IsInternal()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync([[0, 0, 0, 0, 1, 0xFF]]));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.IsType<InvalidProtocolBufferException>(error.InnerException);
    }

    [Fact]
    public async Task HasPartialFrame_AtTheEndOfACutBody_IsTrue()
    {
        using var frames = new ResponseFrames(new ChunkStream([CountFrame(1)[..^1]]), null);

        Assert.True(await frames.FillAsync(CancellationToken.None));
        Assert.False(frames.TryRead(Marshaller, out _));
        Assert.False(await frames.FillAsync(CancellationToken.None));

        Assert.True(frames.HasPartialFrame);
    }

    private static async Task<List<CountResponse>> ReadAsync(byte[][] chunks, int maxMessageBytes = 4 << 20)
    {
        using var frames = new ResponseFrames(new ChunkStream(chunks), maxMessageBytes);
        var messages = new List<CountResponse>();
        do
        {
            while (frames.TryRead(Marshaller, out var message))
            {
                messages.Add(message);
            }
        }
        while (await frames.FillAsync(CancellationToken.None));

        Assert.False(frames.HasPartialFrame);
        return messages;
    }

    /// <summary>Gives one chunk a read, or less when there is no room for it.</summary>
    private sealed class ChunkStream(IEnumerable<byte[]> chunks) : MemoryStream
    {
        private readonly Queue<ArraySegment<byte>> _chunks = new(chunks.Select(chunk => new ArraySegment<byte>(chunk)));
        private ArraySegment<byte> _rest;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_rest.Count == 0 && !_chunks.TryDequeue(out _rest))
            {
                return ValueTask.FromResult(0);
            }

            var count = Math.Min(buffer.Length, _rest.Count);
            _rest[..count].AsMemory().CopyTo(buffer);
            _rest = _rest[count..];
            return ValueTask.FromResult(count);
        }
    }
}
