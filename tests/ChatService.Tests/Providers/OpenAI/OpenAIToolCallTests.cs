using System.Text;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIToolCallTests
{
    [Fact]
    public void Read_CallInPieces_EachWithIdAndName() => Assert.Equal(
        ["call 0 c1 weather ", "call 0 c1 weather {\"city\":", "call 0 c1 weather \"日本\"}"],
        Read(
            """[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":""}}]""",
            """[{"index":0,"function":{"arguments":"{\"city\":"}}]""",
            """[{"index":0,"function":{"arguments":""}}]""",
            """[{"index":0,"function":{"arguments":"\"日本\"}"}}]"""));

    [Fact]
    public void Read_TwoCallsMixed_ToldApartByIndex() => Assert.Equal(
        ["call 0 c1 a {", "call 1 c2 b [", "call 0 c1 a }", "call 1 c2 b ]"],
        Read(
            """[{"index":0,"id":"c1","function":{"name":"a","arguments":"{"}}]""",
            """[{"index":1,"id":"c2","function":{"name":"b","arguments":"["}}]""",
            """[{"function":{"arguments":"}"},"index":0},{"function":{"arguments":"]"},"index":1}]"""));

    [Fact]
    public void Read_CallsWhole_WithoutIndexByTheirPlace() => Assert.Equal(
        ["call 0 c1 a {}", "call 1 c2 b []"],
        Read("""[{"id":"c1","function":{"name":"a","arguments":"{}"}},"""
            + """{"id":"c2","function":{"name":"b","arguments":"[]"}}]"""));

    [Fact]
    public void Read_SameIndexButAnotherId_AnotherCall() => Assert.Equal(
        ["call 0 c1 a {}", "call 0 c2 a {}", "call 0 c2 a  "],
        Read(
            """[{"index":0,"id":"c1","function":{"name":"a","arguments":"{}"}}]""",
            """[{"index":0,"id":"c2","function":{"name":"a","arguments":"{}"}}]""",
            """[{"index":0,"function":{"arguments":" "}}]"""));

    [Fact]
    public void Read_IdAndNameInEveryPiece_OneCall() => Assert.Equal(
        ["call 0 c1 a {", "call 0 c1 a }"],
        Read(
            """[{"index":0,"id":"c1","function":{"name":"a","arguments":"{"}}]""",
            """[{"index":0,"id":"c1","function":{"name":"a","arguments":"}"}}]"""));

    [Fact]
    public void Read_IdAndNameLate_FromThenOn() => Assert.Equal(
        ["call 0   {", "call 0  a ", "call 0 c1 a }"],
        Read(
            """[{"index":0,"function":{"arguments":"{"}}]""",
            """[{"index":0,"function":{"name":"a"}}]""",
            """[{"index":0,"id":"c1","function":{"arguments":"}"}}]"""));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Read_NoCalls_Nothing(string calls) => Assert.Empty(Read(calls));

    [Theory]
    [InlineData("[{}]")]
    [InlineData("""[{"index":null,"id":7,"function":null}]""")]
    [InlineData("""[{"x":[{}],"function":{"name":null,"arguments":{},"y":{}}}]""")]
    public void Read_CallThatSaysNothing_StillACall(string calls) => Assert.Equal(["call 0   "], Read(calls));

    [Fact]
    public void Read_HalfACharacterInArguments_ContinuedByTheNext() => Assert.Equal(
        ["call 0 c1 a \ud83d", "call 0 c1 a \ude00\0"],
        Read(
            """[{"index":0,"id":"c1","function":{"name":"a","arguments":"\ud83d"}}]""",
            """[{"index":0,"function":{"arguments":"\ude00\u0000"}}]"""));

    [Fact]
    public void Read_BytesThatNeverBecameACharacter_ReplacementCharacterAtTheEnd()
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);
        var chunk = Chunk("""[{"index":0,"id":"c1","function":{"name":"a","arguments":"x#"}}]""");
        chunk[Array.IndexOf(chunk, (byte)'#')] = 0xF0;

        _ = reader.Read("message", chunk);
        _ = reader.Read("message", "[DONE]"u8);

        Assert.Equal(
            ["call 0 c1 a x", "call 0 c1 a \ufffd", "finished Unspecified "], reader.Events.Select(Transcript.Line));
    }

    [Fact]
    public void Read_PieceOfArguments_AllocatesItsTextOnly()
    {
        const int Pieces = 10_000;
        var reader = new OpenAIChunkReader(Bodies.Errors);
        var first = Chunk("""[{"index":0,"id":"c1","function":{"name":"weather","arguments":""}}]""");
        var next = Chunk("""[{"index":0,"function":{"arguments":" token"}}]""");
        Read(first, 1);
        Read(next, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(next, Pieces);
        var perPiece = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Pieces;

        // A string of six UTF-16 units.
        Assert.InRange(perPiece, 24, 48);

        void Read(byte[] chunk, int times)
        {
            for (var i = 0; i < times; i++)
            {
                reader.Events.Clear();
                _ = reader.Read("message", chunk);
            }
        }
    }

    private static List<string> Read(params string[] toolCalls)
    {
        var reader = new OpenAIChunkReader(Bodies.Errors);
        foreach (var calls in toolCalls)
        {
            Assert.False(reader.Read("message", Chunk(calls)));
        }

        return [.. reader.Events.Select(Transcript.Line)];
    }

    private static byte[] Chunk(string toolCalls) =>
        Encoding.UTF8.GetBytes(OpenAIWire.Delta($$"""{"content":null,"tool_calls":{{toolCalls}}}"""));
}
