using Chat.V1;
using ChatGrpc.TestKit;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

/// <summary>Messages that are edited and answers that are made once more.</summary>
public sealed class BranchTests
{
    private const string Quick = "/demo tokens=1 rate=max";

    [Fact]
    public async Task Start_AnEdit_TheModelSeesItInThePlaceOfTheEditedOne()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync($"{Quick} first");
        var second = await scene.StartAsync($"{Quick} second");
        _ = await scene.Read(second).ToEndAsync();

        var edit = await scene.StartAsync(new StreamChatRequest
        {
            SessionId = "session",
            Message = $"{Quick} edited",
            EditMessageId = second.Record.UserMessageId,
        });
        var reading = await scene.Read(edit).ToEndAsync();

        await StreamContract.CheckAsync(scene, edit, reading, StreamState.Completed);
        Assert.Equal(
            [$"{Quick} first", "alpha ", $"{Quick} edited"],
            scene.Model.Requests.Last().Messages.Select(message => message.Parts[0].Text));
    }

    [Fact]
    public async Task Start_AnEditOfTheFirstMessage_BeginsTheConversationAnew()
    {
        await using var scene = new TurnScene();
        var first = await scene.StartAsync($"{Quick} first");
        _ = await scene.Read(first).ToEndAsync();

        var edit = await scene.StartAsync(new StreamChatRequest
        {
            SessionId = "session",
            Message = $"{Quick} edited",
            EditMessageId = first.Record.UserMessageId,
        });
        _ = await scene.Read(edit).ToEndAsync();

        Assert.Equal($"{Quick} edited", Assert.Single(scene.Model.Requests.Last().Messages).Parts[0].Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_ARegeneration_AsksTheSameAgain(bool byAnswer)
    {
        await using var scene = new TurnScene();
        var first = await scene.StartAsync($"{Quick} first");
        _ = await scene.Read(first).ToEndAsync();
        _ = await scene.AllAsync($"{Quick} second");

        var again = await scene.StartAsync(new StreamChatRequest
        {
            SessionId = "session",
            RegenerateMessageId = byAnswer ? first.Record.MessageId : first.Record.UserMessageId,
        });
        var reading = await scene.Read(again).ToEndAsync();

        await StreamContract.CheckAsync(scene, again, reading, StreamState.Completed);
        Assert.Equal(first.Record.UserMessageId, again.Record.UserMessageId);
        Assert.NotEqual(first.Record.MessageId, again.Record.MessageId);
        Assert.Equal($"{Quick} first", Assert.Single(scene.Model.Requests.Last().Messages).Parts[0].Text);
    }

    [Fact]
    public async Task Start_ARegenerationUnderARequestId_IsTheSameStreamAgain()
    {
        await using var scene = new TurnScene();
        var first = await scene.StartAsync(Quick);
        _ = await scene.Read(first).ToEndAsync();
        var request = new StreamChatRequest
        {
            SessionId = "session",
            RegenerateMessageId = first.Record.MessageId,
            ClientRequestId = "once",
        };

        var again = await scene.StartAsync(request);
        _ = await scene.Read(again).ToEndAsync();
        var repeated = await scene.Opening.StartAsync(TurnScene.Tenant, request, CancellationToken.None).InTime();

        Assert.Equal(again.Record.StreamId, repeated.Reader!.StreamId);
        Assert.Equal(2, scene.Model.Requests.Count);
    }

    [Fact]
    public async Task Start_WhatCannotBeEditedOrMadeAgain_ClearCodesAndNothingSaved()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync(Quick);
        _ = await scene.Read(turn).ToEndAsync();
        _ = await scene.AllAsync(Quick, "other");
        var (question, answer) = (turn.Record.UserMessageId, turn.Record.MessageId);

        Assert.Equal((Code.NotFound, "MESSAGE_NOT_FOUND"), await EditAsync("absent", "session"));
        Assert.Equal((Code.NotFound, "MESSAGE_NOT_FOUND"), await EditAsync(question, "other"));
        Assert.Equal((Code.InvalidArgument, "INVALID_REQUEST"), await EditAsync(answer, "session"));
        Assert.Equal((Code.NotFound, "MESSAGE_NOT_FOUND"), await AgainAsync("absent", "session"));
        Assert.Equal((Code.NotFound, "MESSAGE_NOT_FOUND"), await AgainAsync(answer, "other"));
        var foreign = await scene.Opening.StartAsync(
            "foreign", new StreamChatRequest { SessionId = "session", RegenerateMessageId = answer },
            CancellationToken.None).InTime();
        Assert.Equal("MESSAGE_NOT_FOUND", foreign.Failure!.Reason);
        Assert.Equal(2, scene.Model.Requests.Count);

        async Task<(Code, string)> EditAsync(string id, string session) => Told(await scene.FailAsync(
            new StreamChatRequest { Message = Quick, SessionId = session, EditMessageId = id }));

        async Task<(Code, string)> AgainAsync(string id, string session) => Told(await scene.FailAsync(
            new StreamChatRequest { SessionId = session, RegenerateMessageId = id }));

        static (Code, string) Told(ChatGrpc.Model.Failure failure) => (failure.Code, failure.Reason);
    }

    [Fact]
    public async Task Start_ARegenerationWhileItIsAnswered_Busy()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0");
        await scene.Model.WaitsAsync().InTime();

        var failure = await scene.FailAsync(
            new StreamChatRequest { SessionId = "session", RegenerateMessageId = running.Record.UserMessageId });

        Assert.Equal("SESSION_BUSY", failure.Reason);
    }
}
