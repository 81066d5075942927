using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Turns in which the model calls tools, from the provider's wire to the client.</summary>
public sealed class ToolTurnTests
{
    private static readonly ScriptedCall Sum = new("call_a", "calculator", """{"expression":""", "\"2+3*4\"}");

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task Send_ModelCallsATool_ItsResultGoesToTheModelWhichGoesOn(string wire)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, Asking(names: "calculator"));
        var first = await deployment.StandIn.NextRequestAsync();
        Assert.Contains("\"calculator\"", $"{first.Body.GetProperty("tools")}", StringComparison.Ordinal);
        await first.StartStreamAsync();
        await first.WriteTextAsync("Let me see.");
        await first.WriteCallAsync(Sum);
        await first.FinishAsync();

        var second = await deployment.StandIn.NextRequestAsync();
        var messages = $"{second.Body.GetProperty("messages")}";
        Assert.Contains("Let me see.", messages, StringComparison.Ordinal);
        Assert.Contains("14", messages, StringComparison.Ordinal);
        await second.AnswerAsync("It is ", "14.");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("Let me see.\n\nIt is 14.", reading.Answer);
        var whole = reading.Events.Single(e => e.ToolCall?.ArgumentsJson.Length > 0);
        Assert.Equal(("calculator", ToolKind.Server), (whole.ToolCall.Name, whole.ToolCall.Kind));
        Assert.Equal("""{"expression":"2+3*4"}""", whole.ToolCall.ArgumentsJson);
        Assert.Equal(
            whole.ToolCall.ArgumentsJson,
            string.Concat(reading.Events.Where(e => e.ToolCall is not null).Select(e => e.ToolCall.ArgumentsDelta)));
        var result = reading.Events.Single(e => e.ToolResult is not null).ToolResult;
        Assert.Equal((whole.ToolCall.Id, "14", false), (result.Id, result.Text + result.Json, result.IsError));
        Assert.Equal(2, deployment.StandIn.Requests);

        // Both answers of the model are billed, and both are told.
        Assert.Equal(2, reading.End.Attempts.Count);
        Assert.Equal((18, 24), (reading.End.Usage.PromptTokens, reading.End.Usage.CompletionTokens));
        Assert.Equal(UsageSource.Measured, reading.End.Usage.Source);
        await AssertKeptAsync(deployment, reading);
    }

    [Fact]
    public async Task Send_ToolsThatCannotBe_ClearCodesAndNoTurn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();

        await AssertNoTurnAsync(StatusCode.NotFound, Asking(names: "calculater"));
        await AssertNoTurnAsync(StatusCode.InvalidArgument, With(new() { ClientTools = { Tool("a b") } }));
        await AssertNoTurnAsync(StatusCode.InvalidArgument, With(new() { ClientTools = { Tool("a"), Tool("a") } }));
        await AssertNoTurnAsync(
            StatusCode.InvalidArgument, With(new() { Names = { "time" }, ClientTools = { Tool("time") } }));
        var broken = Tool("a");
        broken.ParametersJsonSchema = """{"type":"banana"}""";
        await AssertNoTurnAsync(StatusCode.InvalidArgument, With(new() { ClientTools = { broken } }));
        var unary = new ChatRequest { Message = "Hi", Tools = new() { ClientTools = { Tool("a") } } };
        await AssertRefusedAsync(StatusCode.InvalidArgument, async () => await deployment.Client.ChatAsync(unary));
        Assert.Equal(0, deployment.StandIn.Requests);

        async Task AssertNoTurnAsync(StatusCode expected, StreamChatRequest request)
        {
            using var reading = Reading.Start(deployment.Client, request);
            await reading.ToEndAsync();
            Assert.Empty(reading.Events);
            Assert.Equal(expected, reading.Failure?.StatusCode);
        }
    }

    [Fact]
    public async Task Send_ModelNeverStopsCalling_IsToldAndThenEnded()
    {
        await using var deployment = await Deployment.StartWithStandInAsync("Chat:Tools:MaxRounds=2");
        using var reading = Reading.Start(deployment.Client, Asking(names: "calculator"));
        for (var i = 0; i < 4; i++)
        {
            await (await deployment.StandIn.NextRequestAsync()).CallAsync(Sum with { Id = $"call_{i}" });
        }

        await reading.ToEndAsync();

        Assert.Equal(StatusCode.ResourceExhausted, reading.Failure?.StatusCode);
        Assert.Equal("TOOL_ROUNDS_EXCEEDED", reading.Events.Single(e => e.Warning is not null).Warning.Code);
        Assert.Equal("TOOL_ROUNDS_EXCEEDED", reading.Events.Single(e => e.Error is not null).Error.Reason);
        Assert.Equal([false, false, true], reading.Events.Where(e => e.ToolResult is not null)
            .Select(e => e.ToolResult.IsError));
        Assert.Equal(4, deployment.StandIn.Requests);
    }

    [Fact]
    public async Task Send_ToolsByTheUnaryCall_ToldInItsAnswer()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var calling = deployment.Client.ChatAsync(
            new ChatRequest { Message = "How much?", Tools = new() { Names = { "*" } } });
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Sum);
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("14");

        var answer = await calling.ResponseAsync.InTime();

        Assert.Equal("14", answer.Text);
        Assert.Equal("calculator", Assert.Single(answer.ToolCalls).Name);
        Assert.Equal(answer.ToolCalls[0].Id, Assert.Single(answer.ToolResults).Id);
    }

    private static StreamChatRequest Asking(string names) => With(new() { Names = { names } });

    private static StreamChatRequest With(ToolSelection selection) =>
        new() { Message = "What is there?", SessionId = "session", Tools = selection };

    private static ClientTool Tool(string name) => new() { Name = name, Description = "Looks around." };

    private static async Task AssertRefusedAsync<T>(StatusCode expected, Func<Task<T>> call) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => call().InTime())).StatusCode);

    // The message of the session tells what was done, also when the log is gone.
    private static async Task AssertKeptAsync(Deployment deployment, Reading reading)
    {
        var listed = await deployment.Sessions().ListMessagesAsync(
            new ListMessagesRequest { SessionId = reading.Session.SessionId });
        var answer = listed.Messages[^1];
        Assert.Equal(reading.Answer, string.Concat(answer.Parts.Select(part => part.Text)));
        Assert.Equal("calculator", Assert.Single(answer.ToolCalls).Name);
        Assert.Equal(answer.ToolCalls[0].Id, Assert.Single(answer.ToolResults).Id);
    }
}
