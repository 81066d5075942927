using System.Reflection;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>
/// What a query costs does not depend on how much the store holds; row security does not come in its way.
/// </summary>
public sealed class PostgresPlanTests : IAsyncLifetime
{
    // Enough that reading everything would be dearer, with the statistics that a server keeps.
    private const string Fill =
        """
        INSERT INTO session (tenant_id, session_id, title, head_id, created_at, updated_at)
        SELECT 't' || tenant, 's' || i, '', '', now(), now() - i * interval '1 s'
        FROM generate_series(1, 10) AS tenant, generate_series(1, 200) AS i;
        INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model,
                            resolved_model, provider, metadata, continues_id, request, epoch, state, created_at,
                            ended_at, request_key)
        SELECT 'x' || tenant_id || session_id || i, tenant_id, session_id, 'q' || tenant_id || session_id || i,
               'a' || tenant_id || session_id || i, '', '', '', '', '{}', '', '', 1, 4, now(),
               now() - i * interval '1 s', tenant_id || session_id || i
        FROM session, generate_series(1, 5) AS i;
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, ordinal, role, author, parts,
                             status, created_at, revision)
        SELECT (CASE role WHEN 1 THEN 'q' ELSE 'a' END) || tenant_id || session_id || i, tenant_id, session_id, NULL,
               'x' || tenant_id || session_id || i, 2 * i + role - 2, role, '', '', 4, now(), i
        FROM session, generate_series(1, 5) AS i, generate_series(1, 2) AS role;
        UPDATE message SET parent_id = 'q' || substr(message_id, 2) WHERE role = 2;
        INSERT INTO search_entry (tenant_id, session_id, message_id, number, tokens)
        SELECT tenant_id, session_id, message_id, nextval('search_number'),
               ARRAY[(random() * 100000)::integer, (random() * 100000)::integer] || search_scopes(tenant_id, session_id)
        FROM message;
        INSERT INTO turn_step SELECT stream_id, 1, 1, 4, '', '', NULL, false FROM stream;
        INSERT INTO stream_chunk SELECT log_day, stream_id, 1, 9, 1, '' FROM stream;
        ANALYZE;
        """;

    private StoreScene _scene = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await StoreScene.OpenAsync();
        await TestDatabases.ExecuteAsync(_scene.Database, $"SET search_path = chatgrpc; {Fill}");
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    public static TheoryData<string, string> Queries => new()
    {
        { "StreamQueries.Find", "stream_pkey" },
        { "StreamQueries.OfRequest", "stream_of_request" },
        { "StreamQueries.OfSession", "stream_open" },
        { "SessionQueries.Find", "session_pkey" },
        { "SessionQueries.Page", "session_by_update" },
        { "MessageQueries.OldestFirst", "message_in_session" },
        { "MessageQueries.NewestFirst", "message_in_session" },
        { "MessageQueries.OfOpenTurns", "stream_open" },
        { "MessageQueries.ByChange", "message_by_change" },
        { "BranchQuery.Upwards", "message_pkey" },
        { "LogQueries.EventsAfter", "stream_chunk_" },
        { "LogQueries.Fence", "stream_chunk_" },
        { "StepQueries.OfStream", "turn_step_pkey" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Request_ByItsIndex_NothingIsReadWhole(string name, string index)
    {
        var parts = name.Split('.');
        var type = typeof(RequestSql).Assembly.GetType($"ChatGrpc.Storage.Postgres.{parts[0]}")!;
        var field = type.GetField(parts[1], BindingFlags.Static | BindingFlags.Public)!;

        // The partitions of days to come are empty, and would be read whole.
        var settings = parts[0] == "LogQueries" ? "SET enable_seqscan = off; " : "";
        var plan = await PlanAsync(
            $"{settings}SET ROLE chatgrpc_request; SET chatgrpc.tenant = 't1'",
            ((RequestSql)field.GetValue(null)!).Text);

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogQueries.Expire, "stream_by_end")]
    [InlineData(StreamQueries.Open, "stream_open")]
    [InlineData(StreamQueries.TakeOver, "stream_open")]
    public async Task Service_ByItsIndex_NothingIsReadWhole(string sql, string index)
    {
        var plan = await PlanAsync("SET enable_seqscan = off", sql);

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_OfAllSessionsThereAre_EachByItsKey()
    {
        var keys = Enumerable.Range(0, 2_000).ToList();
        var tenants = string.Join(',', keys.Select(i => $"t{(i / 200) + 1}"));
        var sessions = string.Join(',', keys.Select(i => $"s{(i % 200) + 1}"));

        var plan = await PlanAsync(
            "SET enable_seqscan = on", SessionQueries.Versions, $"('{{{tenants}}}', '{{{sessions}}}')");

        Assert.Contains("session_pkey", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithoutItsIndex_ShowsIt()
    {
        await TestDatabases.ExecuteAsync(_scene.Database, "ALTER INDEX chatgrpc.session_by_update RENAME TO hidden");
        try
        {
            var plan = await PlanAsync(
                "SET ROLE chatgrpc_request; SET chatgrpc.tenant = 't1'", SessionQueries.Page.Text);
            Assert.DoesNotContain("session_by_update", plan, StringComparison.Ordinal);
        }
        finally
        {
            await TestDatabases.ExecuteAsync(
                _scene.Database, "ALTER INDEX chatgrpc.hidden RENAME TO session_by_update");
        }
    }

    // Without values as for any of the parameters: that is how a prepared statement is planned after a few times.
    private async Task<string> PlanAsync(string settings, string sql, string? given = null)
    {
        await using var connection = new NpgsqlConnection($"{_scene.Database};Pooling=false;Search Path=chatgrpc");
        await connection.OpenAsync();
        var count = Enumerable.Range(1, 9).Count(i => sql.Contains($"${i}", StringComparison.Ordinal));
        var mode = given is null ? "force_generic_plan" : "force_custom_plan";
        await RunAsync($"{settings}; SET plan_cache_mode = {mode}; PREPARE asked AS {sql}");
        var values = given ?? (count == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", count))})");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE asked{values}", connection);
        await using var rows = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
        {
            lines.Add(rows.GetString(0));
        }

        return string.Join('\n', lines);

        async Task RunAsync(string text)
        {
            await using var command = new NpgsqlCommand(text, connection);
            _ = await command.ExecuteNonQueryAsync();
        }
    }
}
