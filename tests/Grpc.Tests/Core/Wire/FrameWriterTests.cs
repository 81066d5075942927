using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class FrameWriterTests
{
    private static readonly byte[] Payload = [7, 8, 9];
    private static readonly byte[] Frame = [0, 0, 0, 0, 3, 7, 8, 9];

    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void Write_WithAnnouncedLength_PutsTheHeaderFirst()
    {
        Write(3, (_, context) =>
        {
            context.SetPayloadLength(Payload.Length);
            context.GetBufferWriter().Write(Payload);
            context.Complete();
        });

        Assert.Equal(Frame, _output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Write_OfAWholePayload_IsTheSameFrame()
    {
        Write(3, (_, context) => context.Complete(Payload));

        Assert.Equal(Frame, _output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Write_WithoutAnnouncedLength_IsTheSameFrame()
    {
        Write(3, (_, context) =>
        {
            context.GetBufferWriter().Write(Payload);
            context.Complete();
        });

        Assert.Equal(Frame, _output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_047)]
    [InlineData(2_048)]
    [InlineData(2_049)]
    [InlineData(100_000)]
    public void Write_OfAnyLength_IsOneFrame(int length)
    {
        var payload = new byte[length];
        Random.Shared.NextBytes(payload);

        Write(length, (_, context) =>
        {
            context.SetPayloadLength(length);
            context.GetBufferWriter().Write(payload);
            context.Complete();
        });

        Assert.Equal([0, 0, 0, (byte)(length >> 8), (byte)length], Prefix(length));
        Assert.Equal(payload, _output.WrittenSpan[5..].ToArray());
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(40, false)]
    [InlineData(3_000, true)]
    public void Write_OfAnotherLengthThanAnnounced_ThrowsAndTakesAShortFrameBack(int announced, bool isBroken)
    {
        var writer = new FrameWriter(_output, null);
        var marshaller = new Marshaller<string>(
            (_, context) =>
            {
                context.SetPayloadLength(announced);
                context.GetBufferWriter().Write(announced > 2_048 ? throw new InvalidOperationException() : Payload);
                context.Complete();
            },
            _ => "any");

        Assert.Throws<InvalidOperationException>(() => writer.Write("any", marshaller));

        Assert.Equal((isBroken, isBroken), (writer.IsBroken, _output.WrittenCount > 0));
    }

    [Fact]
    public void Write_OverTheLimit_IsResourceExhaustedAndWritesNothing()
    {
        var error = Assert.Throws<RpcException>(() => Write(2, (_, context) => context.Complete(Payload)));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(0, _output.WrittenCount);
    }

    [Fact]
    public void Write_OfASerializerThatDoesNotComplete_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => Write(3, (_, _) => { }));
    }

    [Fact]
    public void Write_OfSeveralMessages_FramesEach()
    {
        var marshaller = Marshallers.Create<byte[]>((bytes, context) => context.Complete(bytes), _ => []);
        var writer = new FrameWriter(_output, null);

        writer.Write([1], marshaller);
        writer.Write([], marshaller);

        Assert.Equal([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], _output.WrittenSpan.ToArray());
    }

    // The first byte of the length is that of 16 MiB and more, but for 100,000 the second says 1.
    private byte[] Prefix(int length)
    {
        var prefix = _output.WrittenSpan[..5].ToArray();
        Assert.Equal(length >> 16, prefix[2]);
        prefix[2] = 0;
        return prefix;
    }

    private void Write(int maxMessageBytes, Action<string, SerializationContext> serializer) =>
        new FrameWriter(_output, maxMessageBytes).Write("any", new Marshaller<string>(serializer, _ => "any"));
}
