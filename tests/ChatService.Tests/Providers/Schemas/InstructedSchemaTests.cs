using ChatGrpc.Providers;
using ChatGrpc.Providers.Schemas;

namespace ChatGrpc.Tests.Providers.Schemas;

public sealed class InstructedSchemaTests
{
    private static readonly ModelRequest Wanted = Requests.Saying("Where?") with
    {
        Instructions = "Be brief.",
        Schema = new ModelSchema("place", """{"type":"object"}"""),
    };

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("```json\n{\"a\":1}\n```", "{\"a\":1}")]
    [InlineData(" \n```\r\n{\"a\":1}```  \n", "{\"a\":1}")]
    [InlineData("```JSON  \n{\"a\":\"```\"}\n```", "{\"a\":\"```\"}")]
    [InlineData("```json\n{\"a\":1}\n``` so", "{\"a\":1}\n``` so")]
    [InlineData("```json {\"a\":1}", "```json {\"a\":1}")]
    [InlineData("``{\"a\":1}``", "``{\"a\":1}``")]
    [InlineData("Here:\n```json\n{}\n```", "Here:\n```json\n{}\n```")]
    [InlineData("```", "```")]
    [InlineData("", "")]
    [InlineData("{} `` `\n", "{} `` `\n")]
    public async Task StreamAsync_AnswerInAnyPieces_WithoutAFenceAroundAllOfIt(string said, string expected)
    {
        foreach (var pieces in Splits.Of(said))
        {
            Assert.Equal(expected, await AnswerAsync(Wanted, pieces));
        }
    }

    [Fact]
    public async Task StreamAsync_RestOfAnAnswer_OnlyTheClosingMarkTaken()
    {
        var request = Wanted with { Begun = "{\"a\"" };

        foreach (var pieces in Splits.Of(":1}\n```"))
        {
            Assert.Equal(":1}", await AnswerAsync(request, pieces));
        }
    }

    [Fact]
    public async Task StreamAsync_PlainJson_NothingHeldBack()
    {
        var lines = await Transcript.LinesAsync(
            new InstructedSchema(SaidBefore.InPieces("{", "\"a\":", "1}")).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["answer {", "answer \"a\":", "answer 1}", "finished Stop stop"], lines);
    }

    [Fact]
    public async Task StreamAsync_BlanksWithoutEnd_NotHeldForEver()
    {
        var said = "```json\n{" + new string(' ', 500);

        var lines = await Transcript.LinesAsync(
            new InstructedSchema(new SaidBefore(ModelEvent.Answer(said))).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["answer {" + new string(' ', 500)], lines);
    }

    [Fact]
    public async Task StreamAsync_CutWithTextHeld_ToldAtTheEnd()
    {
        var inner = new SaidBefore(ModelEvent.Answer("```json\n{}\n``"));

        var lines = await Transcript.LinesAsync(
            new InstructedSchema(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["answer {}", "answer \n``"], lines);
    }

    [Fact]
    public async Task StreamAsync_Schema_InTheInstructionsAndNowhereElse()
    {
        var inner = SaidBefore.InPieces("{}");

        _ = await Transcript.ReadAsync(new InstructedSchema(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.StartsWith("Be brief.\n\n", inner.Asked!.Instructions, StringComparison.Ordinal);
        Assert.EndsWith("""{"type":"object"}""", inner.Asked.Instructions, StringComparison.Ordinal);
        Assert.Null(inner.Asked.Schema);
    }

    [Fact]
    public async Task StreamAsync_NoSchema_AskedAsItIs()
    {
        var inner = SaidBefore.InPieces("```\nHi\n```");
        var request = Requests.Saying("Hi");

        var lines = await Transcript.LinesAsync(
            new InstructedSchema(inner).StreamAsync(request, CancellationToken.None));

        Assert.Same(request, inner.Asked);
        Assert.Equal("answer ```\nHi\n```", lines[0]);
    }

    private static async Task<string> AnswerAsync(ModelRequest request, string[] pieces)
    {
        var said = await Transcript.ReadAsync(
            new InstructedSchema(SaidBefore.InPieces(pieces)).StreamAsync(request, CancellationToken.None));
        Assert.Equal(ModelEventKind.Finished, said[^1].Kind);
        return string.Concat(said.SkipLast(1).Select(one => one.Text));
    }
}
