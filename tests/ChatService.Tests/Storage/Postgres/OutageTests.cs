using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>A server that stops, dies and comes back, or does not do what it is asked for.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly LogGate _log = new();
    private PostgresCluster _cluster = null!;
    private PostgresStore _store = null!;

    private string Database => _cluster.ConnectionString("postgres");

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.CreateAsync();
        _store = new PostgresStore(
            PostgresSettings.Parse($"{Database};Maximum Pool Size=4", PostgresSettings.Setting), new StoreHints(),
            TimeProvider.System, _log);
        await _store.PrepareAsync(CancellationToken.None).InTime();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    [InlineData("kill")]
    public async Task Server_GoneAndBack_OneRequestAtMostFailsForItsConnections(string how)
    {
        // Several connections, all of them stale afterwards.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => OpenAsync($"before-{i}"))).InTime();
        if (how == "kill")
        {
            await _cluster.KillAsync();
        }
        else
        {
            await _cluster.StopAsync(how);
        }

        for (var i = 0; i < 3; i++)
        {
            var away = await Assert.ThrowsAsync<StoreException>(() => OpenAsync("while"));
            Assert.False(away.Refused);
        }

        await _cluster.StartAsync();

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync("after")).Outcome);
        Assert.Equal(OpenOutcome.SessionBusy, (await OpenAsync("before-7")).Outcome);
        Assert.Equal(21, (await _store.ListSessionsAsync(Sample.Tenant, null, 50, default).InTime()).Sessions.Count);
        await _log.SeeAsync(6003);
        await _log.SeeAsync(6004);
    }

    [Fact]
    public async Task Write_ConnectionEndsWhileItWaits_OutcomeIsUnknown()
    {
        await using var other = new NpgsqlConnection($"{Database};Pooling=false");
        await other.OpenAsync();
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var block = new NpgsqlCommand("LOCK TABLE chatgrpc.stream IN EXCLUSIVE MODE", other);
            _ = await block.ExecuteNonQueryAsync();
            var opening = OpenAsync("session");
            await BlockedAsync();

            await TestDatabases.ExecuteAsync(
                Database, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
            Assert.True((await Assert.ThrowsAsync<StoreException>(() => opening)).OutcomeUnknown);
        }

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync("session")).Outcome);
    }

    [Fact]
    public async Task Requests_AllConnectionsInUse_AreRefusedInTimeAndTheOperatorHearsWhatHelps()
    {
        await using var other = new NpgsqlConnection($"{Database};Pooling=false");
        await other.OpenAsync();
        Task<OpenResult>[] openings;
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var block = new NpgsqlCommand("LOCK TABLE chatgrpc.stream IN EXCLUSIVE MODE", other);
            _ = await block.ExecuteNonQueryAsync();
            openings = [.. Enumerable.Range(0, 4).Select(i => OpenAsync($"session-{i}"))];
            await BlockedAsync();

            var refused = await Assert.ThrowsAsync<StoreException>(
                () => _store.ListSessionsAsync(Sample.Tenant, null, 50, default).InTime());
            Assert.Equal((false, false), (refused.Refused, refused.OutcomeUnknown));
            Assert.Contains(_log.Lines, line => line.Contains("Maximum Pool Size", StringComparison.Ordinal));
        }

        Assert.All(await Task.WhenAll(openings).InTime(), each => Assert.Equal(OpenOutcome.Opened, each.Outcome));
        Assert.Equal(4, (await _store.ListSessionsAsync(Sample.Tenant, null, 50, default).InTime()).Sessions.Count);
    }

    [Fact]
    public async Task Prepare_WrongPassword_EndsTheStartWithASentenceAndWithoutThePassword()
    {
        await TestDatabases.ExecuteAsync(Database, "CREATE ROLE guest LOGIN PASSWORD 'right'");
        await File.WriteAllTextAsync(
            Path.Combine(_cluster.DataFolder, "pg_hba.conf"), "local all guest scram-sha-256\nlocal all all trust\n");
        await TestDatabases.ExecuteAsync(Database, "SELECT pg_reload_conf()");
        var settings = PostgresSettings.Parse(
            $"{_cluster.ConnectionString("postgres", "guest")};Password=not-this-one", PostgresSettings.Setting);
        await using var store = new PostgresStore(settings, new StoreHints(), TimeProvider.System, _log);

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => store.PrepareAsync(CancellationToken.None).InTime());

        Assert.Contains("ConnectionStrings:Chat", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this-one", $"{refusal} {string.Join(' ', _log.Lines)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ServerGivesUp_IsCertainlyNotWritten()
    {
        await using var other = new NpgsqlConnection($"{Database};Pooling=false");
        await other.OpenAsync();
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var block = new NpgsqlCommand("LOCK TABLE chatgrpc.stream IN EXCLUSIVE MODE", other);
            _ = await block.ExecuteNonQueryAsync();
            var opening = OpenAsync("session");
            await BlockedAsync();

            await TestDatabases.ExecuteAsync(Database, "SELECT pg_cancel_backend(pid) FROM pg_locks WHERE NOT granted");
            var failure = await Assert.ThrowsAsync<StoreException>(() => opening);
            Assert.Equal(
                ("The store did not answer in time.", false, false),
                (failure.Message, failure.Refused, failure.OutcomeUnknown));
        }

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync("session")).Outcome);
    }

    [Fact]
    public async Task Write_ReadOnlyServer_PassesAndTheOperatorHearsWhatHelps()
    {
        await SetAsync("default_transaction_read_only", "on");
        var failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync("session"));
        Assert.Equal(
            ("The store cannot be written.", false, false),
            (failure.Message, failure.Refused, failure.OutcomeUnknown));
        Assert.Contains(
            _log.Lines,
            line => line.Contains("it is read-only (25006: ", StringComparison.Ordinal)
                && line.Contains("Point ConnectionStrings:Chat to the primary", StringComparison.Ordinal));

        await SetAsync("default_transaction_read_only", "off");
        Assert.Equal(OpenOutcome.Opened, (await OpenAsync("session")).Outcome);
        await _log.SeeAsync(6004);
    }

    [Fact]
    public async Task Read_ServerTakesNoMoreConnections_PassesAndTheOperatorHearsIt()
    {
        await TestDatabases.ExecuteAsync(Database, "CREATE ROLE plain LOGIN");
        await TestDatabases.ExecuteAsync(
            Database, "GRANT chatgrpc_request TO plain; ALTER ROLE plain CONNECTION LIMIT 0");
        var log = new LogGate();
        await using var store = new PostgresStore(
            PostgresSettings.Parse(_cluster.ConnectionString("postgres", "plain"), PostgresSettings.Setting),
            new StoreHints(), TimeProvider.System, log);

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.FindSessionAsync(Sample.Tenant, "session", default).InTime());

        Assert.Equal(("The store is overloaded.", false), (failure.Message, failure.OutcomeUnknown));
        Assert.Contains("Raise max_connections", log.Lines.Single(), StringComparison.Ordinal);
    }

    // Until somebody waits for a lock; the server shows it in a view and nowhere else.
    private async Task BlockedAsync()
    {
        while (await TestDatabases.FindAsync<long>(Database, "SELECT count(*) FROM pg_locks WHERE NOT granted").InTime()
            == 0)
        {
        }
    }

    // For the sessions that begin from now on, of which the service makes new ones.
    private async Task SetAsync(string name, string value)
    {
        await TestDatabases.ExecuteAsync(Database, $"ALTER SYSTEM SET {name} = {value}");
        await _cluster.RestartAsync();
        while (true)
        {
            try
            {
                _ = await _store.FindSessionAsync(Sample.Tenant, "none", default).InTime();
                return;
            }
            catch (StoreException)
            {
                // A connection from before.
            }
        }
    }

    private Task<OpenResult> OpenAsync(string session) =>
        _store.OpenTurnAsync(Sample.Turn(session), CancellationToken.None).InTime();
}
