using System.Globalization;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.Storage.Moving;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using ChatGrpc.Tests.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Storage.Moving;

public sealed class SessionMoveTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _back = new();
    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await StoreDatabases.TakeAsync().InTime();

    public async ValueTask DisposeAsync()
    {
        await StoreDatabases.ReturnAsync(_database);
        _folder.Dispose();
        _back.Dispose();
    }

    [Fact]
    public async Task Move_ToPostgresAndBack_EveryRowIsEqual()
    {
        await FillAsync(sessions: 4);
        _ = await ToPostgresAsync();
        var move = await MoveAsync(await PostgresAsync(), Sqlite(_back));
        Assert.Equal((4, 0), (move.Copied, move.Present));
        Assert.Equal(
            (4L, 16L, 8L, 4L, 12L),
            (move.Rows("session"), move.Rows("message"), move.Rows("stream"), move.Rows("turn_step"),
                move.Rows("stream_chunk")));

        await using var first = Sqlite(_folder);
        await using var second = Sqlite(_back);
        Assert.Equal(await DigestsAsync(first), await DigestsAsync(second));
    }

    [Fact]
    public async Task Move_ToPostgres_TheStoreAnswersAsBefore()
    {
        await FillAsync(sessions: 2);
        List<string> before;
        await using (var embedded = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }))
        {
            before = await AnswersAsync(embedded);
        }

        _ = await ToPostgresAsync();
        await using var store = new PostgresStore(
            Settings(), new StoreHints(), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        await store.PrepareAsync(CancellationToken.None).InTime();
        Assert.Equal(before, await AnswersAsync(store));
    }

    [Fact]
    public async Task Move_BrokenOffAfterTheSecondSession_GoesOnWhereItWas()
    {
        await FillAsync(sessions: 4);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await MoveAsync(
            Sqlite(_folder), await PostgresAsync(), (done, _) => StopAfter(done, 2, stop), stop.Token));

        var move = await ToPostgresAsync();
        Assert.Equal((2, 2, 0), (move.Copied, move.Present, move.Different.Count));
    }

    [Fact]
    public async Task Move_SessionThatTheTargetHasWithOtherContents_IsNamedAndLeftAlone()
    {
        await FillAsync(sessions: 2);
        _ = await ToPostgresAsync();
        await ExecuteAsync("UPDATE chatgrpc.session SET title = 'Mine' WHERE session_id = 'session-1'");

        var move = await ToPostgresAsync();
        Assert.Equal((0, 1), (move.Copied, move.Present));
        Assert.Equal([new SessionKey(Sample.Tenant, "session-1")], move.Different);
        Assert.Equal(
            1L, await TestDatabases.FindAsync<long>(
                _database, "SELECT count(*) FROM chatgrpc.session WHERE title = 'Mine'"));
    }

    [Fact]
    public async Task Move_TargetThatChangesWhatItIsGiven_Throws()
    {
        await FillAsync(sessions: 1);
        await (await PostgresAsync()).DisposeAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION chatgrpc.spoil() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.reasoning := NEW.reasoning || ' '; RETURN NEW; END $$;
            CREATE TRIGGER spoil BEFORE INSERT ON chatgrpc.message FOR EACH ROW EXECUTE FUNCTION chatgrpc.spoil()
            """);
        try
        {
            var failure = await Assert.ThrowsAsync<InvalidDataException>(ToPostgresAsync);
            Assert.Contains("session-1", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync("DROP FUNCTION chatgrpc.spoil CASCADE");
        }
    }

    [Theory]
    [InlineData("session")]
    [InlineData("message")]
    [InlineData("stream")]
    [InlineData("turn_step")]
    [InlineData("stream_chunk")]
    public async Task All_EachTable_HasEveryColumnOfBothStores(string name)
    {
        await (await PostgresAsync()).DisposeAsync();
        await Sqlite(_folder).DisposeAsync();
        var moved = MovedTable.All.Single(table => table.Name == name).Columns.Select(column => column.Name).Order();
        var ofPostgres = await TestDatabases.FindAsync<string[]>(
            _database,
            "SELECT array_agg(column_name::text ORDER BY column_name COLLATE \"C\") FROM information_schema.columns "
            + $"WHERE table_schema = 'chatgrpc' AND table_name = '{name}' AND column_name <> 'log_day'");
        Assert.Equal(moved, ofPostgres);

        using var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenReader();
        using var columns = connection.CreateCommand();
        columns.CommandText =
            $"SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('{name}') ORDER BY 1)";
        Assert.Equal(moved, ((string)columns.ExecuteScalar()!).Split(','));
    }

    private static void StopAfter(int done, int sessions, CancellationTokenSource stop)
    {
        if (done == sessions)
        {
            stop.Cancel();
        }
    }

    private static async Task<SessionMove> MoveAsync(
        IMovableStore from, IMovableStore to, Action<int, int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        await using (from)
        await using (to)
        {
            var move = new SessionMove(from, to);
            await move.RunAsync(progress ?? ((_, _) => { }), cancellationToken).InTime();
            return move;
        }
    }

    private static async Task<List<string>> DigestsAsync(MovableEmbedded store)
    {
        var digests = new List<string>();
        foreach (var session in await store.ListSessionsAsync(CancellationToken.None).InTime())
        {
            digests.Add($"{session} {await SessionDigest.OfAsync(store, session, CancellationToken.None).InTime()}");
        }

        return digests;
    }

    // What a client would be told: sessions, messages, logs, and what runs or waits.
    private static async Task<List<string>> AnswersAsync(IChatStore store)
    {
        var none = CancellationToken.None;
        var answers = new List<string>();
        var sessions = await store.ListSessionsAsync(Sample.Tenant, after: null, 10, none).InTime();
        foreach (var session in sessions.Sessions)
        {
            answers.Add($"{session}");
            var page = await store.ListMessagesAsync(
                Sample.Tenant, session.SessionId, new MessageQuery(null, NewestFirst: false, 100, long.MaxValue), none)
                .InTime();
            foreach (var listed in page!.Messages)
            {
                var done = string.Join('|', listed.Message.Steps.SelectMany(step => step.Events));
                answers.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{listed.Ordinal} {listed.Message.MessageId} {listed.Message.ParentId} {listed.Message.Status} "
                    + $"{string.Join('|', listed.Message.Parts)} {listed.Reasoning} {listed.Usage} {listed.Revision} "
                    + $"{listed.CreatedAt:O} {done}"));
            }

            foreach (var stream in await store.ListSessionStreamsAsync(Sample.Tenant, session.SessionId, none).InTime())
            {
                answers.Add($"{stream}");
                answers.Add(string.Join(
                    '|',
                    await store.ReadEventsAsync(stream.TenantId, stream.StreamId, 0, int.MaxValue, none).InTime()));
            }
        }

        return answers;
    }

    private static MovableEmbedded Sqlite(TemporaryFolder folder) =>
        MovableEmbedded.Open(new StorageOptions { Path = folder.Path }, exists: false);

    private async Task<SessionMove> ToPostgresAsync() => await MoveAsync(Sqlite(_folder), await PostgresAsync());

    private Task<MovablePostgres> PostgresAsync() =>
        MovablePostgres.OpenAsync(Settings(), NullLogger<PostgresStore>.Instance).InTime();

    private PostgresSettings Settings() => PostgresSettings.Parse(_database, PostgresSettings.Setting);

    private Task ExecuteAsync(string sql) => TestDatabases.ExecuteAsync(_database, sql);

    // In each session an answered turn with a step, and one that runs.
    private async Task FillAsync(int sessions)
    {
        await using var store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        for (var i = 1; i <= sessions; i++)
        {
            var answered = Sample.Turn($"session-{i}", text: "你好 👩‍👩‍👧") with { ClientRequestId = $"request-{i}" };
            var running = Sample.Turn($"session-{i}", text: new string('x', 100_000));
            await OpenAsync(store, answered);
            var called = new StreamChatResponse { Sequence = 1, ToolCall = new ToolCall { Id = "1" } };
            var step = new TurnStep(1, StepKind.Model, StreamState.Completed, [called])
            {
                Attempts = [new Attempt { Model = "resolved" }],
                WaitingSince = Sample.Noon,
            };
            await CommitAsync(store, Sample.Write(answered, 1, 2) with { Steps = [step] });
            await CommitAsync(store, Sample.Close(answered, 3, 4));
            await OpenAsync(store, running);
            await CommitAsync(store, Sample.Write(running, 1, 5));
        }
    }

    private static async Task OpenAsync(EmbeddedStore store, NewTurn turn) =>
        Assert.Equal(OpenOutcome.Opened, (await store.OpenTurnAsync(turn, CancellationToken.None).InTime()).Outcome);

    private static async Task CommitAsync(EmbeddedStore store, TurnWrite write) => Assert.Equal(
        WriteOutcome.Committed, (await store.CommitAsync([write], CancellationToken.None).InTime())[0].Outcome);
}
