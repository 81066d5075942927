using System.Text;
using ChatGrpc.Providers.Anthropic;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicAllocationTests
{
    private const int Chunks = 10_000;

    [Theory]
    [InlineData("""{"type":"text_delta","text":" token"}""")]
    [InlineData("""{"type":"thinking_delta","thinking":" token"}""")]
    [InlineData("""{"type":"input_json_delta","partial_json":" token"}""")]
    public void Read_Delta_AllocatesItsTextOnly(string delta)
    {
        var chunk = Encoding.UTF8.GetBytes(AnthropicBodies.Delta(delta));
        var reader = new AnthropicChunkReader(AnthropicBodies.Errors);
        Read(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(Chunks);
        var perChunk = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Chunks;

        // A string of six UTF-16 units.
        Assert.InRange(perChunk, 24, 48);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                reader.Events.Clear();
                _ = reader.Read("content_block_delta", chunk);
            }
        }
    }
}
