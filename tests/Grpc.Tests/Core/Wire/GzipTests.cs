using System.Buffers;
using System.IO.Compression;
using Grpc.Core.Wire;

namespace Grpc.Tests.Core.Wire;

public sealed class GzipTests
{
    private const int Limit = 1_000_000;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * i >> 3))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(50_000)]
    public void Compress_ThenDecompress_IsTheSame(int length)
    {
        var content = Content[..length];

        Assert.Equal(content, Gzip.Decompress(new(Gzip.Compress(content)), Limit));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Decompress_AroundTheLimit_TakesUpToIt(int limitBeyondLength, bool refused)
    {
        var compressed = Gzip.Compress(Content);

        var content = Gzip.Decompress(new(compressed), Content.Length + limitBeyondLength);

        Assert.Equal(refused, content is null);
    }

    [Fact]
    public void Decompress_AnyCut_IsRefused()
    {
        var compressed = Gzip.Compress(Content.AsSpan(0, 2_000));
        for (var length = 1; length < compressed.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Gzip.Decompress(new(compressed, 0, length), Limit));
        }
    }

    [Fact]
    public void Decompress_AnyFlippedByte_IsRefusedOrTheSame()
    {
        var compressed = Gzip.Compress(Content.AsSpan(0, 2_000));
        for (var i = 0; i < compressed.Length; i++)
        {
            byte[] flipped = [.. compressed];
            flipped[i] ^= 0x55;
            try
            {
                // The header's time, system and level are no part of the content.
                Assert.Equal(Content[..2_000], Gzip.Decompress(new(flipped), Limit));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Decompress_InPieces_IsTheSame()
    {
        var compressed = Gzip.Compress(Content);
        var first = new Piece(compressed.AsMemory(0, 7));
        var last = first.Then(compressed.AsMemory(7, 1)).Then(compressed.AsMemory(8));

        var sequence = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);

        Assert.Equal(Content, Gzip.Decompress(sequence, Limit));
    }

    // 256 KiB that stand for 256 MiB; what is allocated is what is touched.
    [Fact]
    public void Decompress_Bomb_TouchesNoMemory()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++)
            {
                gzip.Write(zeros);
            }
        }

        var compressed = new ReadOnlySequence<byte>(bomb.ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(Gzip.Decompress(compressed, 16 << 20));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
