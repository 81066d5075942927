using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    private static readonly MessageQuery All = new(null, NewestFirst: false, Limit: 200, MaxBytes: long.MaxValue);

    [Fact]
    public async Task ListMessages_EndedAndRunning_TellsAllOfThem()
    {
        var first = await AnsweredAsync(text: "One", answer: "1");
        var second = await OpenedAsync();

        var page = await MessagesAsync(All);

        Assert.Equal(await SessionAsync(), page.Session);
        Assert.False(page.HasMore);
        Assert.Equal(["One", "1", "Hello", ""], Texts(page.Messages.Select(listed => listed.Message)));
        Assert.Equal(
            [
                (1, "", "Ada", StreamState.Completed, first.Stream.StreamId, null),
                (2, "Some thoughts", "alias", StreamState.Completed, first.Stream.StreamId, Sample.Closing().Usage),
                (3, "", "Ada", StreamState.Completed, second.Stream.StreamId, null),
                (4, "", "alias", StreamState.Running, second.Stream.StreamId, (Usage?)null),
            ],
            page.Messages.Select(listed => (
                (int)listed.Ordinal, listed.Reasoning, listed.Message.Author, listed.Message.Status, listed.StreamId,
                listed.Usage)));
        Assert.All(page.Messages, listed => Assert.Equal(Sample.Noon, listed.CreatedAt));
        Assert.Empty(page.Messages[^1].Message.Parts);
    }

    [Fact]
    public async Task ListMessages_IdsAgainstTheOrder_InTheOrderOfCreation()
    {
        // Ids of one millisecond are in any order; these are in the wrong one.
        var turn = Sample.Turn("session");
        turn = turn with { Stream = turn.Stream with { UserMessageId = "b", MessageId = "a" } };
        _ = await OpenAsync(turn);
        _ = await CommitAsync(Sample.Close(turn, 1, 1));
        turn = Sample.Turn("session");
        _ = await OpenAsync(turn with { Stream = turn.Stream with { UserMessageId = "0", MessageId = "1" } });

        Assert.Equal(["b", "a", "0", "1"], (await MessagesAsync(All)).Messages.Select(m => m.Message.MessageId));
        Assert.Equal(
            ["1", "0", "a", "b"],
            (await MessagesAsync(All with { NewestFirst = true })).Messages.Select(m => m.Message.MessageId));
    }

    [Fact]
    public async Task ListMessages_Branches_AllOfThemWithTheirParents()
    {
        var first = await AnsweredAsync(text: "One");
        var second = await AnsweredAsync(text: "Two");
        var edit = await AnsweredAsync(text: "Two, but better", parent: first.Stream.MessageId);

        var messages = (await MessagesAsync(All)).Messages.Select(listed => listed.Message).ToArray();

        Assert.Equal(
            [
                null, first.Stream.UserMessageId, first.Stream.MessageId, second.Stream.UserMessageId,
                first.Stream.MessageId, edit.Stream.UserMessageId,
            ],
            messages.Select(message => message.ParentId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListMessages_InPages_EachOnceInOrder(bool newestFirst)
    {
        for (var i = 0; i < 7; i++)
        {
            _ = await AnsweredAsync(text: $"{i}");
            _ = await AnsweredAsync("another");
        }

        var pages = await MessagePagesAsync(All with { NewestFirst = newestFirst, Limit = 4 });

        var ordinals = Enumerable.Range(1, 14).Select(i => (long)i);
        Assert.Equal([4, 4, 4, 2], pages.Select(page => page.Messages.Count));
        Assert.Equal(
            newestFirst ? ordinals.Reverse() : ordinals,
            pages.SelectMany(page => page.Messages).Select(listed => listed.Ordinal));
        Assert.False((await MessagesAsync(All with { NewestFirst = newestFirst, Limit = 14 })).HasMore);
    }

    [Fact]
    public async Task ListMessages_LargeOnes_EndAPageBeforeItsBound()
    {
        var large = new string('x', 1_000);
        _ = await AnsweredAsync(text: large, answer: "small");
        _ = await AnsweredAsync(text: "small", answer: large);
        _ = await AnsweredAsync(text: large + large + large, answer: "small");

        var pages = await MessagePagesAsync(All with { MaxBytes = 1_500 });

        Assert.Equal([3, 1, 1, 1], pages.Select(page => page.Messages.Count));
        Assert.Equal(
            [large, "small", "small", large, large + large + large, "small"],
            Texts(pages.SelectMany(page => page.Messages).Select(listed => listed.Message)));
    }

    [Fact]
    public async Task ListMessages_ReasoningInMultiByteText_CountsInBytes()
    {
        var turn = await OpenedAsync();
        var closing = Sample.Closing() with { Reasoning = new string('字', 1_000) };
        _ = await CommitAsync(Sample.Write(turn, 1, 1) with { Closing = closing });

        var page = await MessagesAsync(All with { MaxBytes = 2_000 });

        Assert.True(page.HasMore);
        Assert.Single(page.Messages);
    }

    [Fact]
    public async Task ListMessages_AbsentOrForeign_Null()
    {
        _ = await OpenedAsync();

        Assert.Null(await FindMessagesAsync("absent", Sample.Tenant, All));
        Assert.Null(await FindMessagesAsync("session", "foreign", All));
    }

    [Fact]
    public async Task ListMessages_WhileTurnsBegin_SeesOneStateOfTheStore()
    {
        var turns = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                _ = await AnsweredAsync();
            }
        });
        while (!turns.IsCompleted)
        {
            var newest = All with { Limit = 1, NewestFirst = true };
            if (await FindMessagesAsync("session", Sample.Tenant, newest) is { } page)
            {
                Assert.Equal(page.Session.HeadMessageId, page.Messages[0].Message.MessageId);
            }
        }

        await turns.InTime();
        Assert.Equal(200, (await MessagesAsync(All)).Messages.Count);
    }

    private async Task<List<MessagePage>> MessagePagesAsync(MessageQuery query)
    {
        List<MessagePage> pages = [await MessagesAsync(query)];
        while (pages[^1].HasMore)
        {
            pages.Add(await MessagesAsync(query with { AfterOrdinal = pages[^1].Messages[^1].Ordinal }));
        }

        return pages;
    }

    private async Task<MessagePage> MessagesAsync(MessageQuery query)
    {
        var page = await FindMessagesAsync("session", Sample.Tenant, query);
        Assert.NotNull(page);
        return page;
    }

    private Task<MessagePage?> FindMessagesAsync(string session, string tenant, MessageQuery query) =>
        _store.ListMessagesAsync(tenant, session, query, CancellationToken.None).InTime();
}
