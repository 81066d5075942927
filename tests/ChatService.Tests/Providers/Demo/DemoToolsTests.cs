using System.Text.Json;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoToolsTests
{
    private static readonly ModelTool[] Tools =
    [
        new("srv_time", "Says the time.", """{"type":"object"}"""),
        new("calculator", "Reckons.", """{"type":"object"}"""),
    ];

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task StreamAsync_CallsOfTheDirective_InPiecesAndNoText()
    {
        var lines = await LinesAsync(Saying(
            "/demo rate=max call=add args={\"a\": 1, \"text\": \"日本 😀\"} call=now"));

        Assert.Equal("call 0 demo_call_1 add ", lines[0]);
        Assert.True(lines.Count(line => line.StartsWith("call 0 ", StringComparison.Ordinal)) > 3);
        Assert.Equal(["call 1 demo_call_2 now ", "call 1 demo_call_2 now {}"], lines[^4..^2]);
        Assert.Equal("finished ToolCalls tool_calls", lines[^1]);
        Assert.DoesNotContain(lines, line => line.StartsWith("answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StreamAsync_Results_ToldShortened()
    {
        var request = Called("/demo rate=max call=time call=add", 1);

        var answer = await AnswerAsync(request);

        Assert.StartsWith("time answered: noon", answer, StringComparison.Ordinal);
        Assert.Contains("\nadd failed: xxx", answer, StringComparison.Ordinal);
        Assert.True(answer.Length < 300);
    }

    [Fact]
    public async Task StreamAsync_TextBelowTheCalls_AnsweredBehindTheResults()
    {
        var answer = await AnswerAsync(Called("/demo rate=max call=time\nhello", 1));

        Assert.StartsWith("time answered: noon", answer, StringComparison.Ordinal);
        Assert.Contains("\n\nHello!", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "call 0 demo_call_2 time ")]
    [InlineData(2, "call 0 demo_call_3 time ")]
    [InlineData(3, "answer time")]
    public async Task StreamAsync_Rounds_SoManyBeforeTheAnswer(int rounds, string first) =>
        Assert.Equal(first, (await LinesAsync(Called("/demo rate=max call=time rounds=3", rounds)))[0]);

    [Theory]
    [InlineData("What time is it?", "srv_time", "{}")]
    [InlineData("Hi! What's the time, please?", "srv_time", "{}")]
    [InlineData("what is 2+3*4", "calculator", "2+3*4")]
    [InlineData("Calculate (1.5 - 2) ^ 2 for me", "calculator", "(1.5 - 2) ^ 2")]
    [InlineData("How much is -7 % 3?", "calculator", "-7 % 3")]
    public async Task StreamAsync_PlainQuestion_CallsTheToolForIt(string question, string tool, string asked)
    {
        var said = await Transcript.ReadAsync(Ask(Saying($"/demo rate=max\n{question}")));

        var calls = said.Where(one => one.Kind == ModelEventKind.ToolCall).ToList();
        Assert.Equal(tool, calls[0].ToolCallDetail.Name);
        var arguments = JsonElement.Parse(string.Concat(calls.Select(one => one.Text)));
        var hasExpression = arguments.TryGetProperty("expression", out var expression);
        Assert.Equal(asked, hasExpression ? expression.GetString() : arguments.GetRawText());
    }

    [Theory]
    [InlineData("What is the meaning of 42?")]
    [InlineData("what is 42")]
    [InlineData("what is 2024-")]
    [InlineData("Time flies.")]
    public async Task StreamAsync_OtherQuestion_CallsNothing(string question) => Assert.StartsWith(
        "answer", (await LinesAsync(Saying($"/demo rate=max\n{question}")))[0], StringComparison.Ordinal);

    [Fact]
    public async Task StreamAsync_PlainQuestionWithoutTools_CallsNothing() => Assert.StartsWith(
        "answer",
        (await LinesAsync(Requests.Saying("/demo rate=max\nWhat time is it?")))[0],
        StringComparison.Ordinal);

    [Theory]
    [InlineData(DemoProvider.UnreachableName, "failed PROVIDER_UNREACHABLE")]
    [InlineData(DemoProvider.BrokenName, "failed PROVIDER_ERROR")]
    public async Task StreamAsync_ModelInTrouble_FailsBeforeAnything(string model, string line)
    {
        var request = Requests.Saying("Hi") with { Model = model };

        Assert.Equal([line], await LinesAsync(request));
        Assert.Equal([line], await LinesAsync(request with { Streaming = false }));
    }

    [Fact]
    public async Task StreamAsync_Cut_AFewWordsAndNoEnd()
    {
        var request = Requests.Saying("/demo rate=max\nhello") with { Model = DemoProvider.CutName };

        var lines = await LinesAsync(request);

        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.StartsWith("answer", line, StringComparison.Ordinal));
        Assert.Empty(await LinesAsync(request with { Streaming = false }));
    }

    [Fact]
    public async Task StreamAsync_WholeAnswer_TheSameInOnePiece()
    {
        var request = Saying("/demo tokens=3 rate=max reasoning=2");

        Assert.Equal(
            [
                "reasoning Hm, let ", "answer alpha bravo charlie ", "usage 4 5 0 2 Measured", "finished Stop stop",
            ],
            await LinesAsync(request with { Streaming = false }));
        Assert.Equal(
            ["call 0 demo_call_1 a {}", "call 1 demo_call_2 b {\"x\": 1}"],
            (await LinesAsync(Saying("/demo rate=max call=a call=b args={\"x\": 1}") with { Streaming = false }))[..2]);
    }

    private static ModelRequest Saying(string text) => Requests.Saying(text) with { Tools = Tools };

    // The question, and so many rounds of calls with their results.
    private static ModelRequest Called(string question, int rounds)
    {
        var round = new[]
        {
            Requests.Assistant("") with { Calls = [new ModelCall("id", "time", "{}")] },
            new ModelMessage(ModelRole.Tool, [])
            {
                Results =
                [
                    new ModelCallResult("id", "time", "noon", IsError: false),
                    new ModelCallResult("ie", "add", new string('x', 5_000), IsError: true),
                ],
            },
        };
        return Saying("") with
        {
            Messages = [Requests.User(question), .. Enumerable.Repeat(round, rounds).SelectMany(one => one)],
        };
    }

    private IAsyncEnumerable<ModelEvent> Ask(ModelRequest request) =>
        new DemoProvider(_time).StreamAsync(request, CancellationToken.None);

    private Task<List<string>> LinesAsync(ModelRequest request) => Transcript.LinesAsync(Ask(request));

    private async Task<string> AnswerAsync(ModelRequest request) => string.Concat(
        (await Transcript.ReadAsync(Ask(request)))
            .Where(one => one.Kind == ModelEventKind.Answer).Select(one => one.Text));
}
