using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.TestKit;
using Google.Protobuf.WellKnownTypes;

namespace ChatGrpc.Tests.Turns;

/// <summary>What the model is asked, over whole turns.</summary>
public sealed class PromptTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(40, 41)]
    [InlineData(200, 61)]
    [InlineData(null, 41)]
    public async Task Build_ContextLimit_SoManyEarlierMessages(int? limit, int messages)
    {
        await using var scene = new TurnScene();
        for (var i = 1; i <= 30; i++)
        {
            _ = await scene.AllAsync($"/demo tokens=1 rate=max\nquestion {i}");
        }

        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", SessionId = "session" };
        if (limit is { } given)
        {
            request.ContextLimit = given;
        }

        _ = await scene.Read(await scene.StartAsync(request)).ToEndAsync();

        var asked = scene.Model.Requests.Last().Messages;
        Assert.Equal(messages, asked.Count);
        Assert.Equal("/demo tokens=1 rate=max", asked[^1].Parts.Single().Text);
        Assert.All(asked.Reverse().Select((message, i) => (message.Role, i)), pair =>
            Assert.Equal(pair.i % 2 == 0 ? ModelRole.User : ModelRole.Assistant, pair.Role));
        if (messages > 2)
        {
            Assert.EndsWith("question 30", asked[^3].Parts.Single().Text, StringComparison.Ordinal);
            Assert.Equal("alpha ", asked[^2].Parts.Single().Text);
        }
    }

    [Fact]
    public async Task Build_AnswerThatNeverGotText_IsLeftOut()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo fail=network after=0");
        _ = await scene.AllAsync("/demo tokens=1 rate=max");

        Assert.Equal([ModelRole.User, ModelRole.User], scene.Model.Requests.Last().Messages.Select(m => m.Role));
    }

    [Fact]
    public async Task Build_ParentGiven_OnlyThatBranch()
    {
        await using var scene = new TurnScene();
        var first = await scene.AllAsync("/demo tokens=1 rate=max\none");
        _ = await scene.AllAsync("/demo tokens=1 rate=max\ntwo");
        _ = await scene.Read(await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=1 rate=max\nthree",
            SessionId = "session",
            ParentMessageId = first.Events[0].SessionInfo.MessageId,
        })).ToEndAsync();

        Assert.Equal(
            ["one", "alpha ", "three"],
            scene.Model.Requests.Last().Messages.Select(m => m.Parts[0].Text.Split('\n')[^1]));
    }

    [Fact]
    public async Task Build_Settings_AsTheRequestHasThemAndNullWhereItHasNone()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max", "plain");
        var turn = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=1 rate=max",
            Parts = { new Part { Text = "more" } },
            Instructions = "Be brief.",
            Context = new Struct { Fields = { ["plan"] = Value.ForString("gold") } },
            Temperature = 0,
            TopP = 0.5,
            MaxOutputTokens = 2_147_483_647,
            Stop = { "END" },
            Seed = 0,
        });
        _ = await scene.Read(turn).ToEndAsync();

        var (plain, asked) = (scene.Model.Requests.First(), scene.Model.Requests.Last());
        Assert.Equal(("demo-1", "", null, null, null, null),
            (plain.Model, plain.Instructions, plain.Temperature, plain.TopP, plain.MaxOutputTokens, plain.Seed));
        Assert.Equal((0d, 0.5, 2_147_483_647L, 0L), (asked.Temperature, asked.TopP, asked.MaxOutputTokens, asked.Seed));
        Assert.Equal(["END"], asked.Stop);
        Assert.Equal(
            "Be brief.\n\nContext of the message, as JSON: { \"plan\": \"gold\" }", asked.Instructions);
        Assert.Equal(["/demo tokens=1 rate=max", "more"], asked.Messages.Single().Parts.Select(part => part.Text));
    }
}
