using System.Text;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIAllocationTests
{
    private const int Chunks = 10_000;

    [Fact]
    public void Read_Chunk_AllocatesItsTextOnly()
    {
        var chunk = Encoding.UTF8.GetBytes(OpenAIWire.Text(" token"));
        var reader = new OpenAIChunkReader(Bodies.Errors);
        Read(reader, chunk, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(reader, chunk, Chunks);
        var perChunk = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Chunks;

        // A string of six UTF-16 units.
        Assert.InRange(perChunk, 24, 48);
    }

    private static void Read(OpenAIChunkReader reader, byte[] chunk, int times)
    {
        for (var i = 0; i < times; i++)
        {
            reader.Events.Clear();
            _ = reader.Read("message", chunk);
        }
    }
}
