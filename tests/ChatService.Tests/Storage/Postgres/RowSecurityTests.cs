using System.Reflection;
using System.Text.RegularExpressions;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>Two lines hold a request to its tenant: every query says so, and the database sees to it.</summary>
public sealed partial class RowSecurityTests : IAsyncLifetime
{
    private static readonly string[] OfTenants = ["session", "message", "stream", "search_entry"];

    private static readonly Dictionary<string, RequestSql> All = typeof(RequestSql).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(held => held.FieldType == typeof(RequestSql))
        .ToDictionary(held => $"{held.DeclaringType!.Name}.{held.Name}", held => (RequestSql)held.GetValue(null)!);

    private StoreScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await StoreScene.OpenAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    public static TheoryData<string> Statements => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Statements))]
    public void Statement_ForARequest_NamesTheTenantOfEachTable(string name)
    {
        var sql = All[name].Text;

        var tables = Table().Matches(sql).Count(match => OfTenants.Contains(match.Groups["name"].Value));
        var named = Tenant().Count(sql);
        Assert.True(tables > 0 || Call().IsMatch(sql), $"{name} asks nothing of a tenant's.");
        Assert.True(named >= (tables > 0 ? 1 : 0), $"{name} does not name the tenant.");
    }

    [Fact]
    public async Task Function_ForARequest_NamesTheTenantInEachStatement()
    {
        var called = All.Values.SelectMany(sql => Call().Matches(sql.Text)).Select(call => call.Groups["name"].Value)
            .ToHashSet();
        Assert.Contains("open_turn", called);
        foreach (var name in called)
        {
            var body = await TestDatabases.FindAsync<string>(
                _scene.Database, $"SELECT prosrc FROM pg_proc WHERE proname = '{name}'");
            foreach (var statement in body.Split(';').Where(
                part => Table().Matches(part).Any(match => OfTenants.Contains(match.Groups["name"].Value))))
            {
                Assert.Contains("p_tenant", statement, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Query_WithoutItsPredicate_ShowsNothingOfAnotherTenant()
    {
        var turn = await _scene.AnsweredAsync();
        await using var requests = NpgsqlDataSource.Create(_scene.Settings.ForRequests);
        await using var owner = NpgsqlDataSource.Create(_scene.Settings.ForService);
        foreach (var (sql, bind) in new (RequestSql, Action<NpgsqlParameterCollection>)[]
        {
            (StreamQueries.Find, with => with.Give(turn.Stream.StreamId)),
            (StreamQueries.OfSession, with => with.Give("session")),
            (SessionQueries.Find, with => with.Give("session")),
            (SessionQueries.Page, with => SessionQueries.BindPage(with, null, 10)),
            (LogQueries.EventsAfter, with => LogQueries.BindEventsAfter(with, turn.Stream.StreamId, 0, 10)),
            (BranchQuery.Upwards, with => with.Give("session").Give(turn.Stream.MessageId).Give(10)),
        })
        {
            var open = new RequestSql(Tenant().Replace(sql.Text, "$1::text IS NOT NULL"));
            Assert.NotEqual(sql, open);
            Assert.True(await CountAsync(owner, open, bind) > 0);
            Assert.Equal(0, await CountAsync(requests, open, bind));
            Assert.True(await CountAsync(requests, open, bind, Sample.Tenant) > 0);
        }
    }

    [Fact]
    public async Task Role_OfRequests_WritesNothingForAnotherTenantAndHasNoOtherRights()
    {
        var turn = await _scene.AnsweredAsync();
        const string AsForeign = "SET ROLE chatgrpc_request; SET chatgrpc.tenant = 'foreign'; ";
        foreach (var sql in new[]
        {
            "INSERT INTO chatgrpc.session (tenant_id, session_id, title, head_id, created_at, updated_at) "
                + "VALUES ('tenant', 'new', '', '', now(), now())",
            "UPDATE chatgrpc.stream SET state = 2",
            "UPDATE chatgrpc.message SET parts = ''",
            "UPDATE chatgrpc.session SET tenant_id = 'tenant'",
            "UPDATE chatgrpc.stream_chunk SET body = ''",
            "SELECT * FROM chatgrpc.migration",
            "SELECT chatgrpc.promote_idle('another')",
            "SELECT chatgrpc.make_log_days(1)",
            "SELECT chatgrpc.renew_lease('another', interval '1 s')",
            "SELECT * FROM chatgrpc.incarnation",
            "TRUNCATE chatgrpc.search_entry",
            "CREATE TABLE chatgrpc.mine (x integer)",
            "DROP TABLE chatgrpc.turn_step",
        })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(
                () => TestDatabases.ExecuteAsync(_scene.Database, AsForeign + sql));
            Assert.Contains(refusal.SqlState, (string[])["42501", "42P01"]);
        }

        await TestDatabases.ExecuteAsync(
            _scene.Database,
            AsForeign + "UPDATE chatgrpc.session SET title = 'stolen'; DELETE FROM chatgrpc.search_entry; "
            + "DELETE FROM chatgrpc.turn_step; DELETE FROM chatgrpc.message");
        Assert.Equal(
            ["Hello", "An answer"],
            (await _scene.Store.ReadBranchAsync(
                Sample.Tenant, "session", turn.Stream.MessageId, 10, CancellationToken.None).InTime())
            .Select(message => message.Parts[0].Text));
    }

    [Fact]
    public async Task Functions_OfTheSchema_MayBeCalledByRequestsWhereTheyNeedTo()
    {
        Assert.Equal(
            "delete_session import_messages import_session lock_session open_turn rename_session search_numbers "
            + "search_scopes select_branch session_key",
            await GrantedAsync("'chatgrpc_request'"));
        Assert.Equal("", await GrantedAsync("'public'"));

        Task<string> GrantedAsync(string role) => TestDatabases.FindAsync<string>(
            _scene.Database,
            "SELECT coalesce(string_agg(proname, ' ' ORDER BY proname COLLATE \"C\"), '') FROM pg_proc "
            + "WHERE pronamespace = 'chatgrpc'::regnamespace "
            + $"AND has_function_privilege({role}, pg_proc.oid, 'EXECUTE')");
    }

    [Fact]
    public async Task Role_OfAConnection_IsTheSameEachTimeItIsTaken()
    {
        await using var requests = NpgsqlDataSource.Create($"{_scene.Settings.ForRequests};Maximum Pool Size=1");
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await requests.OpenConnectionAsync();
            await using var who = new NpgsqlCommand("SELECT current_user::text", connection);
            Assert.Equal("chatgrpc_request", await who.ExecuteScalarAsync());
        }
    }

    private async Task<int> CountAsync(
        NpgsqlDataSource source, RequestSql sql, Action<NpgsqlParameterCollection> bind, string tenant = "foreign")
    {
        var calls = new PostgresCalls(source, _scene.Troubles, TimeProvider.System);
        return await calls.AskAsync(
            tenant, sql, bind,
            async rows =>
            {
                var count = 0;
                while (await rows.ReadAsync())
                {
                    count++;
                }

                return count;
            },
            CancellationToken.None).InTime();
    }

    [GeneratedRegex(@"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:chatgrpc\.)?(?<name>[a-z_]+)")]
    private static partial Regex Table();

    [GeneratedRegex(@"(?:\w+\.)?tenant_id = \$1")]
    private static partial Regex Tenant();

    [GeneratedRegex(@"\b(?<name>[a-z_]+)\(\s*\$1\b")]
    private static partial Regex Call();
}
