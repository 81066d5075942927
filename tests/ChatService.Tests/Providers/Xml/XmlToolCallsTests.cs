using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Xml;

namespace ChatGrpc.Tests.Providers.Xml;

public sealed class XmlToolCallsTests
{
    private static readonly ModelRequest Wanted = Requests.Saying("Time?") with
    {
        Tools = [new ModelTool("time", "Says the </tool> time.", """{"type":"object"}""")],
    };

    [Theory]
    [InlineData("<tool_call name=\"time\">{\"a\":1}</tool_call>", "", "time {\"a\":1}")]
    [InlineData("I look. <tool_call name='time'>\n{}\n</tool_call>\n", "I look. ", "time {}\n")]
    [InlineData("<tool_call  name = \"a\" >{}</tool_call>\n<tool_call name=\"b-1\"/> So.", " So.", "a {}|b-1 {}")]
    [InlineData("<tool_call name=\"a\"></tool_call>\n\nDone <3", "\n\nDone <3", "a {}")]
    [InlineData("<<tool_call name=\"a\">{\"b\":\"</tool_call>\\\"<\"}</tool_call>", "<",
        "a {\"b\":\"</tool_call>\\\"<\"}")]
    [InlineData("<tool_call name=\"a\"><b</tool_cal</tool_call>", "", "a <b</tool_cal")]
    [InlineData("`<tool_call name=\"a\">` is one <tool_call name=\"a\"/>", "`<tool_call name=\"a\">` is one ", "a {}")]
    [InlineData("```xml\n<tool_call name=\"a\"/>\n```\n<tool_call name=\"b\"/>",
        "```xml\n<tool_call name=\"a\"/>\n```\n", "b {}")]
    [InlineData("it`s\n<tool_call name=\"a\"/>", "it`s\n", "a {}")]
    [InlineData("a <tool_callname=\"a\"> <tool_call nam=\"b\"> <tool_call name=\"c d\">",
        "a <tool_callname=\"a\"> <tool_call nam=\"b\"> <tool_call name=\"c d\">", "")]
    [InlineData("1 < 2 and <b>bold</b> <tool_call", "1 < 2 and <b>bold</b> <tool_call", "")]
    public async Task StreamAsync_AnswerInAnyPieces_TheSameTextAndCalls(string said, string text, string calls)
    {
        foreach (var pieces in Splits.Of(said))
        {
            Assert.Equal((text, calls), await ReadAsync(pieces));
        }
    }

    [Fact]
    public async Task StreamAsync_LongAnswerInRandomPieces_TheSameTextAndCalls()
    {
        var said = string.Concat(Enumerable.Range(0, 40).Select(i => $$"""
            Nr. {{i}} <i>`<tool_call` **日本 😀**</i>

            <tool_call name="tool_{{i}}">{"n": {{i}}, "x": "</tool_call> < 日本"}</tool_call>
            ```
            <tool_call name="no">{}</tool_call>
            ```

            """));
        var expected = await ReadAsync(said);
        var random = new Random(20260101);
        for (var round = 0; round < 200; round++)
        {
            Assert.Equal(expected, await ReadAsync(Splits.AtRandom(said, random)));
        }

        Assert.Equal(40, expected.Calls.Split('|').Length);
        Assert.Equal(40, expected.Text.Split("name=\"no\"").Length - 1);
        Assert.DoesNotContain("tool_7", expected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_Call_ToldPieceByPiece()
    {
        var said = await SaidAsync(Wanted, "Hm<tool", "_call name=\"time\">{\"zone\":", "\"UTC\"", "}</tool_", "call>");

        var id = said[1].ToolCallDetail.Id;
        Assert.Equal(
            [
                "answer Hm", $"call 0 {id} time ", $"call 0 {id} time {{\"zone\":", $"call 0 {id} time \"UTC\"",
                $"call 0 {id} time }}", "finished ToolCalls stop",
            ],
            said.Select(Transcript.Line));
    }

    [Fact]
    public async Task StreamAsync_SomeCalls_IdsThatNoneElseHas()
    {
        const string Two = "<tool_call name=\"a\"/><tool_call name=\"a\"/>";

        var said = (await SaidAsync(Wanted, Two)).Concat(await SaidAsync(Wanted, Two));

        var calls = said.Where(one => one.Kind == ModelEventKind.ToolCall).Select(one => one.ToolCallDetail).Distinct();
        Assert.Equal(4, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal([0, 1, 0, 1], calls.Select(call => call.Index));
    }

    [Theory]
    [InlineData("Hm <tool_call name=\"time\">{\"zone\"")]
    [InlineData("Hm <tool_call name=\"time\">{}</tool_call")]
    [InlineData("Hm <tool_call name=\"ti")]
    public async Task StreamAsync_EndsInACall_FailsAndMayBeTriedAgain(string answer)
    {
        var said = await SaidAsync(Wanted, answer);

        Assert.Equal("answer Hm ", Transcript.Line(said[0]));
        Assert.Equal(
            ("PROVIDER_ERROR", true), (said[^1].FailureDetail.Reason, said[^1].FailureDetail.Retryable));
    }

    [Theory]
    [InlineData("Hm <tool_call name=\"time\">{\"zone\"", FinishReason.Length)]
    [InlineData("Hm <tool_call name=\"ti", FinishReason.Length)]
    [InlineData("Hm <tool_call name=\"time\">{}</tool_call>", FinishReason.Length)]
    [InlineData("Hm <tool_call name=\"time\">{\"zone\"", FinishReason.ContentFilter)]
    [InlineData("Hm <tool_call name=\"time\"/>", FinishReason.ContentFilter)]
    public async Task StreamAsync_CutOffInOrAfterACall_EndsAsItDid(string answer, FinishReason reason)
    {
        var inner = new SaidBefore(ModelEvent.Answer(answer), ModelEvent.Finished(reason, "why"));

        var lines = await Transcript.LinesAsync(new XmlToolCalls(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(("answer Hm ", $"finished {reason} why"), (lines[0], lines[^1]));
    }

    [Fact]
    public async Task StreamAsync_TagInTheReasoning_IsReasoning()
    {
        var inner = new SaidBefore(
            ModelEvent.Reasoning("<tool_call name=\"time\"/>"), ModelEvent.Answer("Hi"),
            ModelEvent.Finished(FinishReason.Length, "length"));

        var lines = await Transcript.LinesAsync(new XmlToolCalls(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["reasoning <tool_call name=\"time\"/>", "answer Hi", "finished Length length"], lines);
    }

    [Fact]
    public async Task StreamAsync_RestOfAnAnswerThatStandsInCode_IsCode()
    {
        var request = Wanted with { Begun = "So:\n```\n" };

        var said = await SaidAsync(request, "<tool_call name=\"time\"/>\n```");

        Assert.Equal("finished Stop stop", Transcript.Line(said[^1]));
    }

    [Fact]
    public async Task StreamAsync_FailsWithTextHeld_ToldBefore()
    {
        var failure = new ProviderFailures("a", "b").Cut("It ended.");
        var inner = new SaidBefore(ModelEvent.Answer("1 <"), ModelEvent.Failed(failure));

        var lines = await Transcript.LinesAsync(new XmlToolCalls(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["answer 1 ", "answer <", "failed PROVIDER_STREAM_CUT"], lines);
    }

    [Fact]
    public async Task StreamAsync_CutWithTextHeld_ToldAtTheEnd()
    {
        var inner = new SaidBefore(ModelEvent.Answer("1 <"));

        var lines = await Transcript.LinesAsync(new XmlToolCalls(inner).StreamAsync(Wanted, CancellationToken.None));

        Assert.Equal(["answer 1 ", "answer <"], lines);
    }

    [Fact]
    public async Task StreamAsync_NoTools_AskedAsItIs()
    {
        var inner = SaidBefore.InPieces("<tool_call name=\"time\"/>");
        var request = Requests.Saying("Hi");

        var lines = await Transcript.LinesAsync(new XmlToolCalls(inner).StreamAsync(request, CancellationToken.None));

        Assert.Same(request, inner.Asked);
        Assert.Equal("answer <tool_call name=\"time\"/>", lines[0]);
    }

    private static Task<List<ModelEvent>> SaidAsync(ModelRequest request, params string[] pieces) =>
        Transcript.ReadAsync(
            new XmlToolCalls(SaidBefore.InPieces(pieces)).StreamAsync(request, CancellationToken.None));

    private static async Task<(string Text, string Calls)> ReadAsync(params string[] pieces)
    {
        var said = await SaidAsync(Wanted, pieces);
        var calls = said.Where(one => one.Kind == ModelEventKind.ToolCall)
            .GroupBy(one => one.ToolCallDetail, one => one.Text)
            .Select(call => $"{call.Key.Name} {string.Concat(call)}").ToArray();
        Assert.Equal(
            calls.Length > 0 ? "finished ToolCalls stop" : "finished Stop stop", Transcript.Line(said[^1]));
        var text = said.Where(one => one.Kind == ModelEventKind.Answer).Select(one => one.Text);
        return (string.Concat(text), string.Join('|', calls));
    }
}
