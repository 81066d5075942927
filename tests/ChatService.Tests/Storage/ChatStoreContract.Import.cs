using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task ImportSession_WhatWasListed_IsListedAgainTheSame()
    {
        var source = await ManyBranchesAsync();
        _ = await DeleteAsync();

        Assert.Equal(ImportOutcome.Imported, await ImportAsync(source));

        var session = (await SessionAsync())!;
        Assert.Equal(
            new SessionRecord(
                "session", source.Title, source.CreatedAt, source.UpdatedAt, source.HeadMessageId, null, 1),
            session);
        Assert.Equal(
            source.Messages.Select(Comparable), (await MessagesAsync(All)).Messages.Select(Comparable));
    }

    [Fact]
    public async Task ImportSession_Imported_CanBeGoneOnWithAndDeleted()
    {
        var source = await ManyBranchesAsync();
        _ = await DeleteAsync();
        _ = await ImportAsync(source);

        var answer = source.Messages[^1];
        var stream = await _store.FindStreamAsync(Sample.Tenant, answer.StreamId, CancellationToken.None).InTime();
        Assert.Equal(
            (answer.Message.MessageId, answer.Message.ParentId, false, answer.Message.Status),
            (stream!.MessageId, stream.UserMessageId, stream.HasLog, stream.State));
        var next = await AnsweredAsync(text: "And now");
        Assert.Equal(source.HeadMessageId, (await BranchAsync(next.Stream.UserMessageId))[^1].ParentId);
        Assert.Equal(DeleteOutcome.Deleted, (await DeleteAsync()).Outcome);
        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ImportSession_Imported_IsFound(bool isIndexed)
    {
        var source = await ManyBranchesAsync();
        _ = await DeleteAsync();
        _ = await ImportAsync(source);
        await CatchUpAsync(isIndexed);

        Assert.Equal(
            source.Messages.Where(each => each.Message.Parts[0].Text.Contains("sought", StringComparison.Ordinal))
                .Select(each => each.Message.MessageId).Reverse(),
            (await SearchAsync("sought")).Found.Select(each => each.MessageId));
    }

    [Fact]
    public async Task ImportSession_OfATakenId_NothingIsWritten()
    {
        var source = await ManyBranchesAsync();
        var before = await CountAsync();

        Assert.Equal(ImportOutcome.SessionTaken, await ImportAsync(source));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task ImportSession_IdsOfOthers_NothingIsWrittenAndTheyStay()
    {
        var source = await ManyBranchesAsync();
        var before = await CountAsync();
        var listed = await MessagesAsync(All);

        Assert.Equal(ImportOutcome.IdsTaken, await ImportAsync(source with { TenantId = "foreign" }));
        var last = source.Messages[^1];
        var onlyItsStream = source.Messages
            .Select((each, i) => each with
            {
                Message = each.Message with { MessageId = $"new{i}", ParentId = i == 0 ? null : $"new{i - 1}" },
                StreamId = each == last ? each.StreamId : $"new{i}",
            })
            .ToList();
        Assert.Equal(
            ImportOutcome.IdsTaken,
            await ImportAsync(source with { SessionId = "new", HeadMessageId = "new0", Messages = onlyItsStream }));

        Assert.Equal(before, await CountAsync());
        Assert.Equal(listed.Messages.Select(Comparable), (await MessagesAsync(All)).Messages.Select(Comparable));
        Assert.Null(await SessionAsync("new"));
        Assert.Empty((await SearchAsync("sought", tenant: "foreign")).Found);
    }

    // Near what a file may have: 10,000 messages, 30 MB.
    [Fact]
    public async Task ImportSession_NearTheLimits_IsWritten()
    {
        var text = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"word{i}"))[..3_000];
        var session = Whole([.. Enumerable.Range(1, 10_000).Select(i => First(i, $"{i} {text}"))]);
        var began = TimeProvider.System.GetTimestamp();

        var importing = _store.ImportSessionAsync(session, CancellationToken.None);
        Assert.Equal(ImportOutcome.Imported, await importing.WaitAsync(TimeSpan.FromSeconds(120)));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Written in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s.");
        Assert.Equal(10_000, (await CountAsync()).Messages);

        // What all of them have: to look through 30 MB for what one has takes as long as the machine is busy.
        var found = await _store.SearchAsync(
            Sample.Tenant, new SearchQuery(SearchTerms.Read("\"word0 word1\"")!, "", Before: null, 50),
            CancellationToken.None).InTime();
        Assert.Equal(
            session.Messages.Reverse().Take(50).Select(each => each.Message.MessageId),
            found.Found.Select(each => each.MessageId));
    }

    [Fact]
    public async Task ImportSession_IdTakenByALateMessage_NothingIsWritten()
    {
        var taken = await AnsweredAsync();
        var before = await CountAsync();
        List<ListedMessage> messages = [.. Enumerable.Range(1, 250).Select(i => First(i, "Hello"))];
        messages[^1] = messages[^1] with
        {
            Message = messages[^1].Message with { MessageId = taken.Stream.MessageId },
        };

        Assert.Equal(ImportOutcome.IdsTaken, await ImportAsync(Whole(messages) with { SessionId = "new" }));

        Assert.Equal(before, await CountAsync());
        Assert.Null(await SessionAsync("new"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListMessages_ManyBesideEachOther_TellsTheNearest(bool isAtTop)
    {
        List<ListedMessage> messages = [.. Enumerable.Range(1, 251).Select(i => First(i, "Hello"))];
        if (!isAtTop)
        {
            messages =
            [
                messages[0],
                .. messages.Skip(1).Select(each => each with
                {
                    Message = each.Message with { ParentId = messages[0].Message.MessageId },
                }),
            ];
        }

        _ = await ImportAsync(Whole(messages));
        List<string> ids = [.. messages.Skip(isAtTop ? 0 : 1).Select(each => each.Message.MessageId)];
        var listed = (await MessagesAsync(All with { Limit = 300 })).Messages.Skip(isAtTop ? 0 : 1).ToList();

        Assert.Equal(ids[..101], listed[0].SiblingIds);
        Assert.Equal(ids[21..221], listed[120].SiblingIds);
        Assert.Equal(ids[^100..], listed[^1].SiblingIds);
        var alone = await MessagesAsync(All with { Limit = 300, WithSiblings = false });
        Assert.All(alone.Messages, message => Assert.Empty(message.SiblingIds));
        var branch = All with { BranchMessageId = ids[^1], WithSiblings = false };
        Assert.All((await MessagesAsync(branch)).Messages, message => Assert.Empty(message.SiblingIds));
    }

    // A user's message that follows nothing.
    private static ListedMessage First(int ordinal, string text) => new(
        new MessageRecord(
            Guid.CreateVersion7().ToString(), null, MessageRole.User, "Ada", Sample.Text(text), StreamState.Completed),
        ordinal, "", Guid.CreateVersion7().ToString(), Sample.Noon, null, FinishReason.Unspecified, 1);

    private static NewSession Whole(IReadOnlyList<ListedMessage> messages) => new(
        Sample.Tenant, "session", "Title", Sample.Noon, Sample.Noon, messages[^1].Message.MessageId, messages);

    // With a step of tools, an edit, an answer given twice and one that was cut.
    private async Task<NewSession> ManyBranchesAsync()
    {
        var first = Sample.Turn("session", text: "One");
        _ = await OpenAsync(first);
        var step = new TurnStep(
            1, StepKind.Model, StreamState.Completed,
            [
                new StreamChatResponse { ToolCall = new ToolCall { Id = "1", Name = "tool", ArgumentsJson = "{}" } },
                new StreamChatResponse { ToolResult = new ToolResult { Id = "1", Text = "result", DurationMs = 7 } },
                new StreamChatResponse { Document = new Document { Id = "2", Title = "Paper", Text = "Words" } },
            ]);
        _ = await CommitAsync(Sample.Close(first, 1, 1, "sought 1") with { Steps = [step] });
        var edit = Sample.Turn("session", text: "sought 2") with { EditMessageId = first.Stream.UserMessageId };
        _ = await OpenAsync(edit);
        _ = await CommitAsync(Sample.Close(edit, 1, 1, "", StreamState.Interrupted));
        var again = Again(first);
        _ = await OpenAsync(again);
        _ = await CommitAsync(Sample.Write(again, 1, 1) with
        {
            Closing = Sample.Closing("sought 3") with { FinishReason = FinishReason.Length },
        });

        var page = await MessagesAsync(All);
        var session = page.Session;
        return new NewSession(
            Sample.Tenant, session.SessionId, session.Title, session.CreatedAt, session.UpdatedAt,
            session.HeadMessageId, page.Messages);
    }

    private static string Comparable(ListedMessage listed) => string.Join(
        " | ",
        listed.Message.MessageId, listed.Message.ParentId, listed.Message.Role, listed.Message.Author,
        string.Join(", ", listed.Message.Parts), listed.Message.Status,
        string.Join(", ", listed.Message.Steps.SelectMany(step => step.Events)), listed.Ordinal, listed.Reasoning,
        listed.StreamId, listed.CreatedAt, listed.Usage, listed.FinishReason, string.Join(", ", listed.SiblingIds));

    private Task<ImportOutcome> ImportAsync(NewSession session) =>
        _store.ImportSessionAsync(session, CancellationToken.None).InTime();
}
