using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    private static readonly StreamChatResponse Called =
        new() { ToolCall = new ToolCall { Id = "a", Name = "weigh", ArgumentsJson = """{"what":"Blei 🌍"}""" } };

    private static readonly StreamChatResponse Answered =
        new() { ToolResult = new ToolResult { Id = "a", Text = "1 t", DurationMs = 3 } };

    [Fact]
    public async Task Commit_Steps_AreKeptInTheirOrderAndReplaced()
    {
        var turn = await OpenedAsync();
        var model = Model(1);
        var waiting = new TurnStep(2, StepKind.Tools, StreamState.Waiting, []) { WaitingSince = Sample.Noon };
        _ = await CommitAsync(Sample.Write(turn, 1, 2) with { Steps = [model, waiting] });
        var answered = waiting with { State = StreamState.Completed, Events = [Answered] };

        _ = await CommitAsync(Sample.Write(turn, 3, 3) with { Steps = [answered] });
        _ = await CommitAsync(Sample.Close(turn, 4, 4) with { Steps = [Model(3)] });

        await AssertStepsAsync([model, answered, Model(3)], turn);
        _store = await ReopenAsync();
        await AssertStepsAsync([model, answered, Model(3)], turn);
        Assert.Empty(await _store.ReadStepsAsync(Sample.Tenant, "absent", CancellationToken.None).InTime());
        var streamId = turn.Stream.StreamId;
        Assert.Empty(await _store.ReadStepsAsync("foreign", streamId, CancellationToken.None).InTime());
        Assert.Empty(await _store.ReadEventsAsync("foreign", streamId, 0, 10, CancellationToken.None).InTime());
        Assert.Equal(0, await _store.FindFenceAsync("foreign", streamId, 9, CancellationToken.None).InTime());
    }

    [Fact]
    public async Task Commit_FencedWithSteps_KeepsNone()
    {
        var turn = await OpenedAsync();

        Assert.Equal([WriteOutcome.Fenced], await CommitAsync(Sample.Write(turn, 2, 2) with { Steps = [Model(1)] }));

        await AssertStepsAsync([], turn);
    }

    [Fact]
    public async Task Commit_Waiting_SessionStaysBusyAndTheAnswerSaysSo()
    {
        var turn = await OpenedAsync();
        var behind = Waiting();
        _ = await OpenAsync(behind);

        _ = await CommitAsync(Sample.Write(turn, 1, 1) with { State = StreamState.Waiting });

        Assert.Equal(StreamState.Waiting, (await GetAsync(turn)).State);
        Assert.Equal([(turn.Stream.MessageId, 3L)], await ChangesAsync(after: 2));
        Assert.Equal(
            StreamState.Waiting, (await SessionChangesAsync(after: 2)).Messages.Single().Message.Status);
        Assert.Equal(OpenOutcome.SessionBusy, (await OpenAsync(Sample.Turn("session"))).Outcome);
        Assert.Equal(
            [(behind.Stream.StreamId, StreamState.Queued), (turn.Stream.StreamId, StreamState.Waiting)],
            (await PromoteAsync(turn, behind)).Select(own => (own.Key, own.Value)).OrderBy(own => own.Value));
        Assert.Empty(await RunningAsync());

        _ = await CommitAsync(Sample.Write(turn, 2, 2) with { State = StreamState.Running });
        Assert.Equal(StreamState.Running, (await GetAsync(turn)).State);
        Assert.Equal([turn.Stream.StreamId], await RunningAsync());
        var ended = (await _store.CommitAsync([Sample.Close(turn, 3, 3)], CancellationToken.None).InTime()).Single();
        Assert.Equal(behind.Stream.StreamId, ended.PromotedStreamId);
    }

    [Fact]
    public async Task ListMessages_AnswerWithSteps_HasThemAndTheirSize()
    {
        var turn = await OpenedAsync();
        var large = new TurnStep(1, StepKind.Tools, StreamState.Completed, [Result(new string('x', 5_000))]);
        var document = new TurnStep(
            2, StepKind.Model, StreamState.Completed, [new() { Document = new Document { Title = "Plan" } }]);
        _ = await CommitAsync(Sample.Close(turn, 1, 1) with { Steps = [large, document] });
        _ = await AnsweredAsync();

        var messages = (await MessagesAsync(All)).Messages;
        Assert.Equal([0, 2, 0, 0], messages.Select(message => message.Message.Steps.Count));
        Assert.Equal(large.Events, messages[1].Message.Steps[0].Events);
        var branch = await BranchAsync(messages[3].Message.MessageId);
        Assert.Equal([0, 1, 0, 0], branch.Select(message => message.Steps.Count));
        Assert.True(branch[1].Steps.Single().HasDocument);
        Assert.Equal(2, (await SessionChangesAsync(after: 1)).Messages[0].Message.Steps.Count);

        var page = await MessagesAsync(All with { MaxBytes = 5_000 });
        Assert.Single(page.Messages);
    }

    [Fact]
    public async Task DeleteAndExpire_TurnWithSteps_GoWithTheSessionAndNotWithTheLog()
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Close(turn, 1, 1) with { Steps = [Model(1)] });
        _ = await _store.ExpireLogsAsync(Sample.Noon.AddDays(1), 10, CancellationToken.None).InTime();
        await AssertStepsAsync([Model(1)], turn);

        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();

        await AssertStepsAsync([], turn);
    }

    private static TurnStep Model(int number) =>
        new(number, StepKind.Model, StreamState.Completed, [Sample.Token(0, "Let me see."), Called])
        {
            Attempts = [new Attempt { Model = "alias", Outcome = StreamState.Completed }],
        };

    private static StreamChatResponse Result(string text) => new() { ToolResult = new ToolResult { Text = text } };

    private async Task AssertStepsAsync(IReadOnlyList<TurnStep> expected, NewTurn turn)
    {
        var steps = await _store.ReadStepsAsync(Sample.Tenant, turn.Stream.StreamId, CancellationToken.None).InTime();
        Assert.Equal(expected.Count, steps.Count);
        foreach (var (wanted, found) in expected.Zip(steps))
        {
            Assert.Equal(
                (wanted.Number, wanted.Kind, wanted.State, wanted.WaitingSince),
                (found.Number, found.Kind, found.State, found.WaitingSince));
            Assert.Equal(wanted.Events, found.Events);
            Assert.Equal(wanted.Attempts, found.Attempts);
        }
    }
}
