using System.Text;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaAllocationTests
{
    private const int Lines = 10_000;

    [Fact]
    public void Read_Line_AllocatesItsTextOnly()
    {
        var line = Encoding.UTF8.GetBytes(OllamaWire.Text(" token"));
        var reader = new OllamaChunkReader(OllamaBodies.Errors);
        Read(reader, line, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(reader, line, Lines);
        var perLine = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Lines;

        // A string of six UTF-16 units.
        Assert.InRange(perLine, 24, 48);
    }

    private static void Read(OllamaChunkReader reader, byte[] line, int times)
    {
        for (var i = 0; i < times; i++)
        {
            reader.Events.Clear();
            _ = reader.Read("", line);
        }
    }
}
