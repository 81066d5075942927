using System.Text.Json;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tests.Tools;

public sealed class ToolRoundTests
{
    private readonly RoundScene _scene = new();

    [Fact]
    public async Task RunAsync_Text_IsTheResult()
    {
        var result = await _scene.ResultAsync(RoundScene.Call(Function.Returning("say", "hello")));

        Assert.Equal(("call-1", "hello", false), (result.Id, result.Text, result.IsError));
    }

    [Fact]
    public async Task RunAsync_FunctionMadeOfAMethod_GivesItsArgumentsAndUnwrapsAText()
    {
        var greet = AIFunctionFactory.Create((string name) => $"Hello {name}", "greet");

        var result = await _scene.ResultAsync(RoundScene.Call(greet, """{"name":"Ada"}"""));

        Assert.Equal("Hello Ada", result.Text);
    }

    [Fact]
    public async Task RunAsync_Object_IsJson()
    {
        var found = Function.Returning("find", new { count = 3, city = "Zürich" });

        var result = await _scene.ResultAsync(RoundScene.Call(found));

        Assert.Equal("""{"count":3,"city":"Zürich"}""", result.Json);
    }

    [Fact]
    public async Task RunAsync_TwoCallsThatWaitForEachOther_BothEnd()
    {
        var first = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var one = new Function("one", async (_, _) =>
        {
            first.SetResult("1");
            return await second.Task;
        });
        var two = new Function("two", async (_, _) =>
        {
            second.SetResult("2");
            return await first.Task;
        });

        var events = await _scene.EventsAsync(RoundScene.Call(one, id: "a"), RoundScene.Call(two, id: "b")).InTime();

        Assert.Equal(["a 2", "b 1"], events.Select(e => $"{e.ToolResult.Id} {e.ToolResult.Text}").Order());
    }

    [Fact]
    public async Task RunAsync_ProgressAndDocument_ComeBeforeTheResult()
    {
        var make = new Function("make", async (arguments, token) =>
        {
            var report = ToolReport.Of(arguments)!;
            report.Progress(0.5, "half");
            await report.DocumentAsync(new Document { Title = "Plan" }, token);
            return "done";
        });

        var events = await _scene.EventsAsync(RoundScene.Call(make)).InTime();

        Assert.Equal(
            [
                StreamChatResponse.EventOneofCase.ToolProgress,
                StreamChatResponse.EventOneofCase.Document,
                StreamChatResponse.EventOneofCase.ToolResult,
            ],
            events.Select(e => e.EventCase));
        Assert.Equal(("call-1", 0.5, "half"), (
            events[0].ToolProgress.Id, events[0].ToolProgress.Fraction, events[0].ToolProgress.Note));
    }

    [Fact]
    public async Task RunAsync_ProgressWithoutEnd_IsToldTenTimesASecond()
    {
        var count = new Function("count", (arguments, _) =>
        {
            var report = ToolReport.Of(arguments)!;
            for (var i = 0; i < 1_000; i++)
            {
                report.Progress(i / 1_000.0, $"{i}");
                _scene.Time.Advance(TimeSpan.FromMilliseconds(1));
            }

            return new("done");
        });

        var events = await _scene.EventsAsync(RoundScene.Call(count)).InTime();

        Assert.Equal(10, events.Count(e => e.ToolProgress is not null));
        Assert.Equal(1_000, events[^1].ToolResult.DurationMs);
    }

    [Theory]
    [InlineData("{", "The arguments are no JSON")]
    [InlineData("[1]", "The arguments must be a JSON object.")]
    [InlineData("""{"a":1,"a":2}""", "The arguments are no JSON")]
    [InlineData("""{"a":"\""", "The arguments are no JSON")]
    public async Task RunAsync_WrongArguments_IsAnErrorAndNothingRuns(string arguments, string words)
    {
        var ran = false;
        var tool = new Function("tool", (_, _) =>
        {
            ran = true;
            return new("ran");
        });

        var result = await _scene.ResultAsync(RoundScene.Call(tool, arguments));

        Assert.True(result.IsError);
        Assert.StartsWith(words, result.Text, StringComparison.Ordinal);
        Assert.False(ran);
    }

    [Fact]
    public async Task RunAsync_ArgumentsThatDoNotFitTheSchema_IsAnErrorThatSaysWhere()
    {
        var greet = AIFunctionFactory.Create((string name, int times = 1) => $"{name} {times}", "greet");

        var missing = await _scene.ResultAsync(RoundScene.Call(greet, "{}"));
        var wrong = await _scene.ResultAsync(RoundScene.Call(greet, """{"name":"Ada","times":"x"}"""));

        Assert.True(missing.IsError && wrong.IsError);
        Assert.StartsWith("The arguments do not fit the tool: $", missing.Text, StringComparison.Ordinal);
        Assert.StartsWith("The arguments do not fit the tool: $.times", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoArguments_AreNone() =>
        Assert.Equal("ok", (await _scene.ResultAsync(RoundScene.Call(Function.Returning("tool", "ok"), ""))).Text);

    [Fact]
    public async Task RunAsync_UnknownTool_IsAnError()
    {
        var result = await _scene.ResultAsync(RoundScene.Call(null));

        Assert.Equal(("There is no tool nothing.", true), (result.Text, result.IsError));
    }

    [Fact]
    public async Task RunAsync_ToolThatFails_TellsItsWords()
    {
        var result = await _scene.ResultAsync(
            RoundScene.Call(Function.Returning("tool", new ToolFailure("No such city."))));

        Assert.Equal(("No such city.", true), (result.Text, result.IsError));
    }

    [Fact]
    public async Task RunAsync_ToolThatThrows_TellsTheKindOnly()
    {
        var tool = new Function("tool", (_, _) => throw new InvalidOperationException("the password is swordfish"));

        var result = await _scene.ResultAsync(RoundScene.Call(tool));

        Assert.Equal(("The tool failed by InvalidOperationException.", true), (result.Text, result.IsError));
    }

    [Theory]
    [InlineData(RoundScene.MaxResultBytes, false)]
    [InlineData(RoundScene.MaxResultBytes + 1, true)]
    public async Task RunAsync_ResultAtTheLimit_IsAnErrorAboveIt(int length, bool isError)
    {
        var result = await _scene.ResultAsync(RoundScene.Call(Function.Returning("tool", new string('x', length))));

        Assert.Equal(isError, result.IsError);
        Assert.Equal(isError, result.Text.Contains("ask for less", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_TextThatCannotBeStored_IsMended()
    {
        var json = JsonSerializer.Deserialize<JsonElement>("""{"a":"x\ud83d\u0000","b":"\ud83d\ude00\\u0000"}""");

        var events = await _scene.EventsAsync(
            RoundScene.Call(Function.Returning("text", "a\ud83d\0b")),
            RoundScene.Call(Function.Returning("json", json), id: "call-2"),
            RoundScene.Call(Function.Returning("word", json.GetProperty("a")), id: "call-3")).InTime();

        Assert.Equal(
            ["a\ufffd\ufffdb", "{\"a\":\"x\ufffd\ufffd\",\"b\":\"\\ud83d\\ude00\\\\u0000\"}", "x\ufffd\ufffd"],
            events.OrderBy(e => e.ToolResult.Id).Select(e => e.ToolResult.Text + e.ToolResult.Json));
    }

    [Fact]
    public async Task RunAsync_ManyCalls_EachHasItsResult()
    {
        var calls = Enumerable.Range(0, 100)
            .Select(i => RoundScene.Call(Function.Returning("tool", $"{i}"), id: $"{i}")).ToArray();

        var events = await _scene.EventsAsync(calls).InTime();

        Assert.All(events, e => Assert.Equal(e.ToolResult.Id, e.ToolResult.Text));
        Assert.Equal(100, events.Select(e => e.ToolResult.Id).Distinct().Count());
    }

    [Fact]
    public async Task RunAsync_NoCalls_EndsAtOnce() => Assert.Empty(await _scene.EventsAsync().InTime());
}
