using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    private static MessageQuery Open => All with { OfOpenTurns = true };

    [Fact]
    public async Task ListChanges_EachStepOfATurn_OnlyWhatItChanged()
    {
        var running = await OpenedAsync();
        var waiting = Waiting();
        Assert.Equal(
            [(running.Stream.UserMessageId, 1L), (running.Stream.MessageId, 1L)], await ChangesAsync(after: 0));

        _ = await OpenAsync(waiting);
        Assert.Equal(
            [(waiting.Stream.UserMessageId, 2L), (waiting.Stream.MessageId, 2L)], await ChangesAsync(after: 1));

        // Events alone change nothing; the end of a turn, and the next one that runs from then on, are two changes.
        _ = await CommitAsync(Sample.Write(running, 1, 1));
        Assert.Empty(await ChangesAsync(after: 2));
        _ = await CommitAsync(Sample.Close(running, 2, 2));
        Assert.Equal(
            [(running.Stream.MessageId, 3L), (waiting.Stream.MessageId, 4L)], await ChangesAsync(after: 2));
        var promoted = (await SessionChangesAsync(after: 3)).Messages.Single();
        Assert.Equal(StreamState.Running, promoted.Message.Status);

        _ = await _store.RenameSessionAsync(
            Sample.Tenant, "session", "Another title", Sample.Noon, CancellationToken.None).InTime();
        var renamed = await SessionChangesAsync(after: 4);
        Assert.Equal(("Another title", 5L), (renamed.Session.Title, renamed.Session.Revision));
        Assert.Empty(renamed.Messages);
        Assert.Equal(renamed.Session, await SessionAsync());

        // The whole past, each message once and at the place of its last change.
        Assert.Equal(
            [
                (running.Stream.UserMessageId, 1L), (waiting.Stream.UserMessageId, 2L),
                (running.Stream.MessageId, 3L), (waiting.Stream.MessageId, 4L),
            ],
            await ChangesAsync(after: 0));
    }

    [Fact]
    public async Task ListChanges_FinishedAnswer_TellsWhyItStopped()
    {
        var turn = await OpenedAsync();
        var close = Sample.Close(turn, 1, 1);
        _ = await CommitAsync(close with { Closing = close.Closing! with { FinishReason = FinishReason.Length } });

        var answer = (await SessionChangesAsync(after: 1)).Messages.Single();

        Assert.Equal(
            (FinishReason.Length, StreamState.Completed, 2L),
            (answer.FinishReason, answer.Message.Status, answer.Revision));
    }

    [Fact]
    public async Task ListChanges_PromotionAtStart_IsAChange()
    {
        var running = await OpenedAsync();
        var waiting = Waiting();
        _ = await OpenAsync(waiting);
        var closing = Sample.Close(running, 1, 1);
        _ = await CommitAsync(closing with { Closing = closing.Closing! with { PromotesNext = false } });

        _ = await PromoteAsync(waiting);

        Assert.Equal([(waiting.Stream.MessageId, 4L)], await ChangesAsync(after: 3));
        Assert.Equal(waiting.Stream.StreamId, (await SessionChangesAsync(after: 4)).Session.RunningStreamId);
    }

    [Fact]
    public async Task ListChanges_MuchOfIt_PagesThatEndBetweenRevisions()
    {
        var text = new string('x', 300_000);
        for (var i = 0; i < 5; i++)
        {
            _ = await AnsweredAsync(text: text, answer: text);
        }

        // What was opened has its question and its placeholder under one revision, which no page cuts.
        var last = Sample.Turn("session", text: text);
        _ = await OpenAsync(last);
        var (seen, pages, after) = (new List<long>(), 0, 0L);
        for (var more = true; more; pages++)
        {
            var page = await SessionChangesAsync(after);
            Assert.NotEmpty(page.Messages);
            Assert.DoesNotContain(page.Messages[0].Revision, seen);
            seen.AddRange(page.Messages.Select(message => message.Revision));
            after = page.Messages[^1].Revision;
            more = page.HasMore;
        }

        Assert.Equal(12, seen.Count);
        Assert.Equal(seen.Order(), seen);
        Assert.InRange(pages, 3, 6);
    }

    [Fact]
    public async Task ListChanges_AbsentForeignOrDeleted_Null()
    {
        _ = await AnsweredAsync();

        Assert.Null(await FindChangesAsync("another", Sample.Tenant));
        Assert.Null(await FindChangesAsync("session", "another"));
        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();
        Assert.Null(await FindChangesAsync("session", Sample.Tenant));
        _ = await OpenedAsync();
        Assert.Equal(1, (await SessionChangesAsync(after: 0)).Session.Revision);
    }

    [Fact]
    public async Task FindVersions_SessionsOfTenants_TheirStatesAndNothingOfTheRest()
    {
        var turn = await OpenedAsync();
        _ = await OpenedAsync(tenant: "foreign");
        _ = await CommitAsync(Sample.Write(turn, 1, 1), Sample.Close(turn, 2, 2));
        _ = await AnsweredAsync("another");
        SessionKey[] asked =
        [
            new(Sample.Tenant, "session"), new("foreign", "session"), new(Sample.Tenant, "none"),
            new("none", "session"), new("foreign", "another"),
        ];

        var found = await _store.FindVersionsAsync(asked, CancellationToken.None).InTime();

        Assert.Equal(
            new Dictionary<SessionKey, SessionVersion>
            {
                [asked[0]] = (await SessionAsync())!.Version,
                [asked[1]] = new(1, Sample.Noon),
            },
            found);
        Assert.Equal(2, found[asked[0]].Revision);

        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();
        Assert.Empty(await _store.FindVersionsAsync([asked[0]], CancellationToken.None).InTime());
        Assert.Empty(await _store.FindVersionsAsync([], CancellationToken.None).InTime());
    }

    [Fact]
    public async Task ListMessages_OfOpenTurns_TheirQuestionsAndAnswersAlone()
    {
        var past = await AnsweredAsync();
        var running = await OpenedAsync();
        var (cancelled, waiting) = (Waiting(), Waiting());
        _ = await OpenAsync(cancelled);
        _ = await OpenAsync(waiting);
        _ = await CommitAsync(Sample.Close(cancelled, 1, 1, state: StreamState.Cancelled));

        var open = await MessagesAsync(Open);
        Assert.Equal(
            [
                running.Stream.UserMessageId, running.Stream.MessageId, waiting.Stream.UserMessageId,
                waiting.Stream.MessageId,
            ],
            open.Messages.Select(message => message.Message.MessageId));

        var page = await MessagesAsync(Open with { Limit = 3 });
        Assert.True(page.HasMore);
        var rest = await MessagesAsync(Open with { AfterOrdinal = page.Messages[^1].Ordinal });
        Assert.Equal([waiting.Stream.MessageId], rest.Messages.Select(message => message.Message.MessageId));

        // A question that is answered once more is an open one's again.
        _ = await CommitAsync(Sample.Close(running, 1, 1), Sample.Close(waiting, 1, 1, state: StreamState.Failed));
        Assert.Empty((await MessagesAsync(Open)).Messages);
        var again = Sample.Turn("session");
        again = again with
        {
            Stream = again.Stream with
            {
                ContinuesStreamId = past.Stream.StreamId,
                UserMessageId = past.Stream.UserMessageId,
            },
        };
        _ = await OpenAsync(again);
        Assert.Equal(
            [past.Stream.UserMessageId, again.Stream.MessageId],
            (await MessagesAsync(Open)).Messages.Select(message => message.Message.MessageId));
    }

    private async Task<(string MessageId, long Revision)[]> ChangesAsync(long after) =>
    [
        .. (await SessionChangesAsync(after)).Messages
            .Select(message => (message.Message.MessageId, message.Revision)),
    ];

    private async Task<SessionChanges> SessionChangesAsync(long after)
    {
        var changes = await FindChangesAsync("session", Sample.Tenant, after);
        Assert.NotNull(changes);
        return changes;
    }

    private Task<SessionChanges?> FindChangesAsync(string session, string tenant, long after = 0) =>
        _store.ListChangesAsync(tenant, session, after, CancellationToken.None).InTime();
}
