using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task OpenTurn_NewSession_WritesSessionMessagesAndStream()
    {
        var turn = Sample.Turn("session");

        var result = await OpenAsync(turn);

        Assert.Equal(new OpenResult(OpenOutcome.Opened, turn.Stream.StreamId), result);
        Assert.Equal(new RowCounts(1, 2, 1, 0), await CountAsync());
        Assert.Equal(turn.Stream, await FindAsync(turn));
        var branch = await BranchAsync(turn.Stream.MessageId);
        Assert.Equal(["Hello", ""], Texts(branch));
        Assert.Equal(
            [
                (turn.Stream.UserMessageId, null, MessageRole.User, "Ada", StreamState.Completed),
                (turn.Stream.MessageId, turn.Stream.UserMessageId, MessageRole.Assistant, "alias", StreamState.Running),
            ],
            branch.Select(message =>
                (message.MessageId, message.ParentId, message.Role, message.Author, message.Status)));
    }

    [Fact]
    public async Task OpenTurn_KnownSession_IsReused()
    {
        _ = await AnsweredAsync();
        _ = await AnsweredAsync();

        Assert.Equal(new RowCounts(1, 4, 2, 2), await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_NoParent_FollowsTheNewestMessage()
    {
        var first = await AnsweredAsync(text: "One");
        _ = await AnsweredAsync(text: "Two");
        var aside = await AnsweredAsync(text: "Aside", parent: first.Stream.MessageId);
        var last = await OpenedAsync();

        var branch = await BranchAsync(last.Stream.UserMessageId);

        Assert.Equal(["One", "An answer", "Aside", "An answer", "Hello"], Texts(branch));
        Assert.Equal(aside.Stream.MessageId, branch[^1].ParentId);
    }

    [Fact]
    public async Task OpenTurn_ExplicitParent_MakesABranch()
    {
        var first = await AnsweredAsync(text: "One");
        var second = await AnsweredAsync(text: "Two");
        var edit = await AnsweredAsync(text: "Two, but better", parent: first.Stream.MessageId);

        Assert.Equal(
            ["One", "An answer", "Two", "An answer"], Texts(await BranchAsync(second.Stream.MessageId)));
        Assert.Equal(
            ["One", "An answer", "Two, but better", "An answer"], Texts(await BranchAsync(edit.Stream.MessageId)));
    }

    [Fact]
    public async Task OpenTurn_ParentUnknownOrElsewhere_ParentNotFoundAndNothingWritten()
    {
        var here = await AnsweredAsync();
        var otherSession = await AnsweredAsync(session: "other");
        var otherTenant = await OpenedAsync(tenant: "foreign");
        var before = await CountAsync();

        foreach (var parent in (string[])
                 ["nothing", otherSession.Stream.MessageId, otherTenant.Stream.MessageId, here.Stream.StreamId])
        {
            var result = await OpenAsync(Sample.Turn("session") with { ParentMessageId = parent });
            Assert.Equal(new OpenResult(OpenOutcome.ParentNotFound, ""), result);
        }

        // A session that does not exist has no messages; it is not made either.
        var fresh = await OpenAsync(Sample.Turn("fresh") with { ParentMessageId = here.Stream.MessageId });
        Assert.Equal(OpenOutcome.ParentNotFound, fresh.Outcome);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_SessionHasRunningTurn_BusyAndNothingWritten()
    {
        var running = await OpenedAsync();
        var before = await CountAsync();

        var result = await OpenAsync(Sample.Turn("session") with { ClientRequestId = "not claimed" });

        Assert.Equal(new OpenResult(OpenOutcome.SessionBusy, running.Stream.StreamId), result);
        Assert.Equal(before, await CountAsync());
        var elsewhere = await OpenAsync(Sample.Turn("elsewhere") with { ClientRequestId = "not claimed" });
        Assert.Equal(OpenOutcome.Opened, elsewhere.Outcome);
    }

    [Fact]
    public async Task OpenTurn_RequestIdUsedBefore_FoundInEverySessionAndNothingWritten()
    {
        var first = Sample.Turn("session") with { ClientRequestId = "request" };
        _ = await OpenAsync(first);
        var before = await CountAsync();

        var sameSession = await OpenAsync(Sample.Turn("session") with { ClientRequestId = "request" });
        var otherSession = await OpenAsync(Sample.Turn("other") with { ClientRequestId = "request" });
        var otherBody = await OpenAsync(
            Sample.Turn("other") with { ClientRequestId = "request", BodyHash = [1, 2, 4] });
        _ = await CommitAsync(Sample.Close(first, 1, 1));
        var afterTheEnd = await OpenAsync(Sample.Turn("session") with { ClientRequestId = "request" });

        var found = new OpenResult(OpenOutcome.SentBefore, first.Stream.StreamId);
        Assert.Equal([found, found, found], [sameSession, otherSession, afterTheEnd]);
        Assert.Equal(new OpenResult(OpenOutcome.RequestIdTaken, first.Stream.StreamId), otherBody);
        Assert.Equal(before with { Chunks = 1 }, await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_RequestIdAndSessionOfAnotherTenant_AreFree()
    {
        var turn = Sample.Turn("session") with { ClientRequestId = "request" };
        var foreign = Sample.Turn("session", "foreign") with { ClientRequestId = "request" };

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(turn)).Outcome);
        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(foreign)).Outcome);
        Assert.Equal(new RowCounts(2, 4, 2, 0), await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_NoRequestId_ClaimsNone()
    {
        _ = await OpenedAsync("one");
        _ = await OpenedAsync("two");

        Assert.Equal(2, (await CountAsync()).Streams);
    }

    [Fact]
    public async Task OpenTurn_CancelledBeforehand_NothingWritten()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _store.OpenTurnAsync(Sample.Turn("session"), new CancellationToken(canceled: true)).InTime());

        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_StreamIdOfAnotherTenant_StoreExceptionAndNothingWritten()
    {
        var turn = await AnsweredAsync();
        var before = await CountAsync();
        var copy = Sample.Turn("fresh", tenant: "other");
        copy = copy with { Stream = copy.Stream with { StreamId = turn.Stream.StreamId } };

        await Assert.ThrowsAsync<StoreException>(() => OpenAsync(copy));

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_SameTurnAgain_SentBeforeWhateverIsInItsWay()
    {
        var running = await OpenedAsync();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 1 };
        Assert.Equal(OpenOutcome.Queued, (await OpenAsync(queued)).Outcome);
        var before = await CountAsync();

        Assert.Equal(new OpenResult(OpenOutcome.SentBefore, running.Stream.StreamId), await OpenAsync(running));
        Assert.Equal(new OpenResult(OpenOutcome.SentBefore, queued.Stream.StreamId), await OpenAsync(queued));
        Assert.Equal(
            OpenOutcome.SentBefore, (await OpenAsync(queued with { MaxTurnsAhead = -1 })).Outcome);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_UnicodeAndImages_ByteForByte()
    {
        var text = "é e\u0301 \u200D\u202Eabc\u202C 😀🏳️‍🌈 \uFFFD 中文 \r\n\t";
        var image = Google.Protobuf.ByteString.CopyFrom(0, 255, 0, 128);
        var turn = Sample.Turn("session", text: text) with
        {
            Parts =
            [
                new Part { Text = text },
                new Part { Image = new Image { MediaType = "image/png", Data = image } },
            ],
            UserId = text,
        };
        _ = await OpenAsync(turn);

        var message = Assert.Single(await BranchAsync(turn.Stream.UserMessageId));

        Assert.Equal(turn.Parts, message.Parts);
        Assert.Equal(text, message.Author);
    }

    [Fact]
    public async Task OpenTurn_TwoHundredAtOnce_EachOnce()
    {
        var turns = Enumerable.Range(0, 200).Select(i => Sample.Turn($"session-{i}")).ToArray();

        var results = await Task.WhenAll(turns.Select(turn => Task.Run(() => OpenAsync(turn)))).InTime();

        Assert.Equal(
            turns.Select(turn => new OpenResult(OpenOutcome.Opened, turn.Stream.StreamId)), results);
        Assert.Equal(new RowCounts(200, 400, 200, 0), await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_ManyAtOnceForOneSessionOrRequestId_OneWins()
    {
        var session = Enumerable.Range(0, 100).Select(_ => Sample.Turn("session"));
        var request = Enumerable.Range(0, 100)
            .Select(i => Sample.Turn($"own-{i}") with { ClientRequestId = "request" });

        var results = await Task.WhenAll(session.Concat(request).Select(turn => Task.Run(() => OpenAsync(turn))))
            .InTime();

        Assert.Equal(2, results.Count(result => result.Outcome == OpenOutcome.Opened));
        Assert.Equal(99, results.Count(result => result.Outcome == OpenOutcome.SessionBusy));
        Assert.Equal(99, results.Count(result => result.Outcome == OpenOutcome.SentBefore));
        Assert.Equal(2, results.Select(result => result.StreamId).Distinct().Count());
        Assert.Equal(new RowCounts(2, 4, 2, 0), await CountAsync());
    }
}
