using System.Buffers;
using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class FrameHeaderTests
{
    [Fact]
    public void Write_OfALength_IsFlagAndBigEndian()
    {
        var bytes = new byte[FrameHeader.Size];

        FrameHeader.Write(bytes, FrameHeader.Compressed, 0x01020304);

        Assert.Equal([1, 1, 2, 3, 4], bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void TryRead_OfLessThanFiveBytes_IsFalse(int count)
    {
        Assert.False(FrameHeader.TryRead(new ReadOnlySequence<byte>(new byte[count]), out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void TryRead_AcrossSegments_ReadsTheSame(int split)
    {
        byte[] bytes = [1, 0xFF, 0xFF, 0xFF, 0xFF];
        var first = new Segment(bytes.AsMemory(0, split));
        var last = first.Append(bytes.AsMemory(split));

        var sequence = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        Assert.True(FrameHeader.TryRead(sequence, out var header));

        Assert.Equal(new FrameHeader(1, uint.MaxValue), header);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
