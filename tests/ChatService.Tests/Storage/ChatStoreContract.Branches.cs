using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task OpenTurn_AnEdit_FollowsWhatTheEditedOneFollows()
    {
        var first = await AnsweredAsync(text: "One");
        var second = await AnsweredAsync(text: "Two");
        var edit = Sample.Turn("session", text: "Two, edited") with { EditMessageId = second.Stream.UserMessageId };

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(edit)).Outcome);

        Assert.Equal(
            ["One", "An answer", "Two, edited", ""], Texts(await BranchAsync(edit.Stream.MessageId)));
        Assert.Equal(edit.Stream.MessageId, (await SessionAsync())!.HeadMessageId);
        Assert.Equal(
            ["One", "An answer", "Two", "An answer"], Texts(await BranchAsync(second.Stream.MessageId)));
        Assert.Equal(first.Stream.MessageId, (await BranchAsync(edit.Stream.UserMessageId))[^1].ParentId);
    }

    [Fact]
    public async Task OpenTurn_AnEditOfTheFirstMessage_FollowsNothingAndKeepsTheTitle()
    {
        var first = await AnsweredAsync(text: "One");
        var edit = Sample.Turn("session", text: "Another one") with { EditMessageId = first.Stream.UserMessageId };

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(edit)).Outcome);

        Assert.Equal(["Another one", ""], Texts(await BranchAsync(edit.Stream.MessageId)));
        Assert.Equal(("One", 2), ((await SessionAsync())!.Title, (int)(await SessionAsync())!.Revision - 1));
    }

    [Fact]
    public async Task OpenTurn_AnEditOfNoMessageOfTheSession_NotFoundAndNothingIsWritten()
    {
        var turn = await AnsweredAsync();
        _ = await AnsweredAsync("another");
        var before = await CountAsync();

        foreach (var (edited, session, tenant) in new[]
        {
            ("absent", "session", Sample.Tenant),
            (turn.Stream.MessageId, "session", Sample.Tenant),
            (turn.Stream.UserMessageId, "another", Sample.Tenant),
            (turn.Stream.UserMessageId, "session", "foreign"),
        })
        {
            var edit = Sample.Turn(session, tenant) with { EditMessageId = edited };
            Assert.Equal(OpenOutcome.ParentNotFound, (await OpenAsync(edit)).Outcome);
        }

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task OpenTurn_ARegeneration_AnswersTheMessageBesideItsAnswers()
    {
        var first = await AnsweredAsync(text: "One", answer: "1");
        var again = Again(first);

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(again)).Outcome);
        _ = await CommitAsync(Sample.Close(again, 1, 1, "one"));

        Assert.Equal(["One", "one"], Texts(await BranchAsync(again.Stream.MessageId)));
        Assert.Equal(["One", "1", "one"], Texts((await MessagesAsync(All)).Messages.Select(m => m.Message)));
        Assert.Equal(again.Stream.MessageId, (await SessionAsync())!.HeadMessageId);
    }

    [Fact]
    public async Task OpenTurn_ARegenerationOfAMessageThatIsGone_NotFoundAndNothingIsWritten()
    {
        var turn = await AnsweredAsync();
        _ = await DeleteAsync();

        Assert.Equal(OpenOutcome.ParentNotFound, (await OpenAsync(Again(turn))).Outcome);
        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Fact]
    public async Task ListMessages_OneWithOthersBesideIt_TellsThemInTheirOrder()
    {
        var first = await AnsweredAsync(text: "One");
        var again = Again(first);
        _ = await OpenAsync(again);
        _ = await CommitAsync(Sample.Close(again, 1, 1));
        var edit = Sample.Turn("session", text: "Edited") with { EditMessageId = first.Stream.UserMessageId };
        _ = await OpenAsync(edit);
        _ = await AnsweredAsync("another");

        string[] questions = [first.Stream.UserMessageId, edit.Stream.UserMessageId];
        string[] answers = [first.Stream.MessageId, again.Stream.MessageId];

        var listed = (await MessagesAsync(All)).Messages;
        Assert.Equal([questions, answers, answers, questions, []], listed.Select(one => one.SiblingIds));
        var changes = await _store.ListChangesAsync(Sample.Tenant, "session", 0, CancellationToken.None).InTime();
        Assert.Equal(
            [questions, answers, answers, questions, []],
            changes!.Messages.OrderBy(one => one.Ordinal).Select(one => one.SiblingIds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListMessages_OfABranchInPages_ThatOneAndThoseBeforeItOnly(bool newestFirst)
    {
        var first = await AnsweredAsync(text: "1");
        _ = await AnsweredAsync(text: "2");
        _ = await AnsweredAsync(text: "side", parent: first.Stream.MessageId);
        var last = await AnsweredAsync(text: "side 2");
        _ = await AnsweredAsync(text: "beyond");

        var query = All with { NewestFirst = newestFirst, Limit = 4, BranchMessageId = last.Stream.MessageId };
        var pages = await MessagePagesAsync(query);

        string[] expected = ["1", "An answer", "side", "An answer", "side 2", "An answer"];
        Assert.Equal([4, 2], pages.Select(page => page.Messages.Count));
        Assert.Equal(
            newestFirst ? expected.Reverse() : expected,
            Texts(pages.SelectMany(page => page.Messages).Select(listed => listed.Message)));
    }

    [Fact]
    public async Task ListMessages_OfABranchThatIsNotThere_Nothing()
    {
        _ = await AnsweredAsync();
        var other = await AnsweredAsync("another");

        Assert.Empty((await MessagesAsync(All with { BranchMessageId = "absent" })).Messages);
        Assert.Empty((await MessagesAsync(All with { BranchMessageId = other.Stream.MessageId })).Messages);
    }

    [Fact]
    public async Task SelectBranch_OneWithMoreBelow_TheHeadIsTheNewestBelow()
    {
        var first = await AnsweredAsync(text: "1");
        var second = await AnsweredAsync(text: "2");
        var side = await AnsweredAsync(text: "side", parent: first.Stream.MessageId);
        var deeper = await AnsweredAsync(text: "deeper", parent: second.Stream.UserMessageId);

        var before = await SessionAsync();
        var selected = await SelectAsync(side.Stream.UserMessageId);

        Assert.Equal(
            new BranchSelection(
                before! with { HeadMessageId = side.Stream.MessageId, Revision = before.Revision + 1 }, true),
            selected);
        Assert.Equal(selected.Session, await SessionAsync());
        Assert.Equal(deeper.Stream.MessageId, (await SelectAsync(first.Stream.UserMessageId)).Session!.HeadMessageId);
        Assert.Equal(second.Stream.MessageId, (await SelectAsync(second.Stream.MessageId)).Session!.HeadMessageId);

        var next = await AnsweredAsync(text: "goes on");
        Assert.Equal(second.Stream.MessageId, (await BranchAsync(next.Stream.UserMessageId))[^1].ParentId);
    }

    [Fact]
    public async Task SelectBranch_TheHeadAgain_ChangesNothing()
    {
        var turn = await AnsweredAsync();
        var before = await SessionAsync();

        Assert.Equal(new BranchSelection(before, true), await SelectAsync(turn.Stream.MessageId));
        Assert.Equal(before, await SessionAsync());
    }

    [Fact]
    public async Task SelectBranch_AbsentOrForeign_NotThereAndNothingChanges()
    {
        var turn = await AnsweredAsync();
        var other = await AnsweredAsync("another");
        var before = await SessionAsync();

        Assert.Equal(new BranchSelection(before, false), await SelectAsync("absent"));
        Assert.Equal(new BranchSelection(before, false), await SelectAsync(other.Stream.MessageId));
        Assert.Equal(new BranchSelection(null, false), await SelectAsync(turn.Stream.MessageId, tenant: "foreign"));
        Assert.Equal(new BranchSelection(null, false), await SelectAsync(turn.Stream.MessageId, session: "absent"));
        Assert.Equal(before, await SessionAsync());
    }

    private static NewTurn Again(NewTurn answered)
    {
        var again = Sample.Turn("session") with { IsRegeneration = true };
        return again with { Stream = again.Stream with { UserMessageId = answered.Stream.UserMessageId } };
    }

    private Task<BranchSelection> SelectAsync(
        string messageId, string session = "session", string tenant = Sample.Tenant) =>
        _store.SelectBranchAsync(tenant, session, messageId, CancellationToken.None).InTime();
}
