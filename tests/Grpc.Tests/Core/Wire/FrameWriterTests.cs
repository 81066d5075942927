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

    private void Write(int maxMessageBytes, Action<string, SerializationContext> serializer) =>
        new FrameWriter(_output, maxMessageBytes).Write("any", new Marshaller<string>(serializer, _ => "any"));
}
