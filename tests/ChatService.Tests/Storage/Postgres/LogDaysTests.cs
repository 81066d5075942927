using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>The partitions of the logs. A test makes streams of days past by changing their rows.</summary>
public sealed class LogDaysTests : IAsyncLifetime
{
    private const string Days =
        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        + "WHERE inhparent = 'chatgrpc.stream_chunk'::regclass";

    private StoreScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await StoreScene.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync("DROP TABLE IF EXISTS chatgrpc.stream_chunk_20200101, chatgrpc.stream_chunk_20200102");
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Prepare_Partitions_ForTodayAndAWeekAhead()
    {
        var expected = await FindAsync(
            "SELECT string_agg('stream_chunk_' || to_char((now() AT TIME ZONE 'UTC')::date + i, 'YYYYMMDD'), ' ' "
            + "ORDER BY i) FROM generate_series(0, 7) AS i");

        Assert.Equal(expected, await FindAsync(Days));
    }

    [Fact]
    public async Task ExpireLogs_DaysLongPast_GoWhenTheirLastLogIsOver()
    {
        await MakeDayAsync("2020-01-01");
        await MakeDayAsync("2020-01-02");
        var over = await OpenedOnAsync("over", "2020-01-01");
        var waiting = await OpenedOnAsync("waiting", "2020-01-02");
        _ = await CommitAsync(Sample.Close(over, 1, 2));
        _ = await CommitAsync(Sample.Write(waiting, 1, 3));
        Assert.Equal(2, (await EventsAsync(over)).Count);

        Assert.Equal(1, await ExpireAsync());

        var days = await FindAsync(Days);
        Assert.DoesNotContain("stream_chunk_20200101", days, StringComparison.Ordinal);
        Assert.Contains("stream_chunk_20200102", days, StringComparison.Ordinal);
        Assert.Equal(3, (await EventsAsync(waiting)).Count);

        _ = await CommitAsync(Sample.Close(waiting, 4, 4));
        Assert.Equal(1, await ExpireAsync());
        Assert.DoesNotContain("stream_chunk_20200102", await FindAsync(Days), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpireLogs_SomebodyReads_LeavesTheDayForTheNextTimeAndWritersGoOn()
    {
        await MakeDayAsync("2020-01-01");
        await using (var reader = new NpgsqlConnection($"{_scene.Database};Pooling=false"))
        {
            await reader.OpenAsync();
            await using var transaction = await reader.BeginTransactionAsync();
            await using var read = new NpgsqlCommand("SELECT count(*) FROM chatgrpc.stream_chunk", reader);
            _ = await read.ExecuteScalarAsync();

            Assert.Equal(0, await ExpireAsync());

            Assert.Contains("stream_chunk_20200101", await FindAsync(Days), StringComparison.Ordinal);
            _ = await _scene.AnsweredAsync();
        }

        _ = await ExpireAsync();
        Assert.DoesNotContain("stream_chunk_20200101", await FindAsync(Days), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_PartitionMissing_IsMadeAndTheEventsAreThere()
    {
        var turn = await OpenedOnAsync("session", "2020-01-01");

        Assert.Equal(WriteOutcome.Committed, (await CommitAsync(Sample.Write(turn, 1, 2))).Outcome);

        Assert.Equal(2, (await EventsAsync(turn)).Count);
        Assert.Contains("stream_chunk_20200101", await FindAsync(Days), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteSession_WithALog_LeavesNoEventBehind()
    {
        _ = await _scene.AnsweredAsync();

        _ = await _scene.Store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();

        Assert.Equal("0", await FindAsync("SELECT count(*)::text FROM chatgrpc.stream_chunk"));
    }

    private async Task<NewTurn> OpenedOnAsync(string session, string day)
    {
        var turn = Sample.Turn(session);
        _ = await _scene.Store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        await ExecuteAsync(
            $"UPDATE chatgrpc.stream SET log_day = '{day}' WHERE stream_id = '{turn.Stream.StreamId}'");
        return turn;
    }

    private async Task<WriteResult> CommitAsync(TurnWrite write) =>
        (await _scene.Store.CommitAsync([write], CancellationToken.None).InTime()).Single();

    private Task<int> ExpireAsync() =>
        _scene.Store.ExpireLogsAsync(Sample.Noon.AddYears(1), 10, CancellationToken.None).InTime();

    private Task MakeDayAsync(string day) =>
        ExecuteAsync($"SET search_path = chatgrpc; SELECT make_log_day('{day}')");

    private Task ExecuteAsync(string sql) => TestDatabases.ExecuteAsync(_scene.Database, sql).InTime();

    private Task<string> FindAsync(string sql) => TestDatabases.FindAsync<string>(_scene.Database, sql).InTime();

    private Task<IReadOnlyList<StreamChatResponse>> EventsAsync(NewTurn turn) =>
        _scene.Store.ReadEventsAsync(Sample.Tenant, turn.Stream.StreamId, 0, 9, CancellationToken.None).InTime();
}
