using System.Diagnostics;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class ProcessLockTests
{
    private const string OfLocks =
        " FROM pg_stat_activity "
        + "WHERE datname = current_database() AND application_name LIKE 'chatgrpc lock %'";

    private const string EndLocks = $"SELECT count(pg_terminate_backend(pid, 10000)){OfLocks}";

    [Fact]
    public async Task Prepare_DatabaseInUse_WaitsAndTakesOver()
    {
        var database = await StoreDatabases.TakeAsync();
        var time = new ManualTimeProvider();
        await using var second = Open(database, time: time);
        await using (var first = Open(database))
        {
            await first.PrepareAsync(CancellationToken.None).InTime();

            var held = await Assert.ThrowsAsync<StoreException>(() => PrepareAsync(second));
            Assert.Equal("The store is in use by another process.", held.Message);
        }

        var preparing = PrepareAsync(second);
        await WaitsAsync(time, preparing);
        time.Advance(TimeSpan.FromSeconds(3));
        await preparing;
        await AssertWritesAsync(second);
    }

    [Fact]
    public async Task Lock_ItsConnectionBreaks_IsTakenAgain()
    {
        var log = new LogGate();
        var time = new ManualTimeProvider();
        var database = await StoreDatabases.TakeAsync();
        await using var store = Open(database, log, time);
        await PrepareAsync(store);

        Assert.Equal(1, await TestDatabases.FindAsync<long>(database, EndLocks));
        await log.SeeAsync(6005, time);
        await log.SeeAsync(6006, time);

        await using var second = Open(database);
        _ = await Assert.ThrowsAsync<StoreException>(() => PrepareAsync(second));
        await AssertWritesAsync(store);
    }

    [Fact]
    public async Task Prepare_FreeForAMomentOnly_LeavesItToWhoHadIt()
    {
        var log = new LogGate();
        var (firstTime, secondTime) = (new ManualTimeProvider(), new ManualTimeProvider());
        var database = await StoreDatabases.TakeAsync();
        await using var first = Open(database, log, firstTime);
        await PrepareAsync(first);
        await using var second = Open(database, time: secondTime);
        _ = await Assert.ThrowsAsync<StoreException>(() => PrepareAsync(second));

        Assert.Equal(1, await TestDatabases.FindAsync<long>(database, EndLocks));
        var preparing = PrepareAsync(second);
        await WaitsAsync(secondTime, preparing);
        await log.SeeAsync(6006, firstTime);
        secondTime.Advance(TimeSpan.FromSeconds(3));

        _ = await Assert.ThrowsAsync<StoreException>(() => preparing);
        await AssertWritesAsync(first);
    }

    [Fact]
    public async Task Lock_TakenByAnotherMeanwhile_WritesAreRefusedFromThenOn()
    {
        var log = new LogGate();
        var time = new ManualTimeProvider();
        var database = await StoreDatabases.TakeAsync();
        var lost = 0;
        await using var first = Open(database, log, time, () => lost++);
        await PrepareAsync(first);
        await using var second = Open(database);

        // The first one's clock stands still: it does not notice before the second one has the lock.
        Assert.Equal(1, await TestDatabases.FindAsync<long>(database, EndLocks));
        await PrepareAsync(second);
        await log.SeeAsync(6007, time);

        foreach (var write in (Func<Task>[])
        [
            () => first.OpenTurnAsync(Sample.Turn("session"), CancellationToken.None),
            () => first.RenameSessionAsync(Sample.Tenant, "session", "x", Sample.Noon, CancellationToken.None),
            () => first.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None),
            () => first.TakeOverAsync("first", CancellationToken.None),
            () => first.PromoteQueuedAsync(CancellationToken.None),
            () => first.ExpireLogsAsync(Sample.Noon, 1, CancellationToken.None),
        ])
        {
            var refusal = await Assert.ThrowsAsync<StoreException>(() => write().InTime());
            Assert.Equal((false, false), (refusal.Refused, refusal.OutcomeUnknown));
        }

        // Running turns are given up, and not tried again.
        var turn = Sample.Turn("session");
        Assert.Equal(
            [new WriteResult(WriteOutcome.Fenced)],
            await first.CommitAsync([Sample.Write(turn, 1, 1)], CancellationToken.None).InTime());
        Assert.Equal(1, lost);
        await AssertWritesAsync(second);
    }

    [Fact]
    public async Task Lock_OwnDeadConnectionDoesNotEnd_IsNotTakenForAnother()
    {
        var (log, time, lost) = (new LogGate(), new ManualTimeProvider(), 0);
        var database = await StoreDatabases.TakeAsync();
        await using var store = Open($"{database};Command Timeout=2;Cancellation Timeout=500", log, time, () => lost++);
        await PrepareAsync(store);
        var backend = await TestDatabases.FindAsync<int>(database, $"SELECT pid{OfLocks}");

        await SignalAsync(backend, "STOP");
        try
        {
            await log.SeeAsync(6005, time);

            // It looks once more, does not get it, and means to look again.
            await WaitsAsync(time);
            time.Advance(TimeSpan.FromMilliseconds(100));
            await WaitsAsync(time);
        }
        finally
        {
            await SignalAsync(backend, "CONT");
        }

        await log.SeeAsync(6006, time);
        Assert.Equal(0, lost);
        await AssertWritesAsync(store);
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync().InTime();
        Assert.Equal(0, kill.ExitCode);
    }

    private static PostgresStore Open(
        string database, LogGate? log = null, TimeProvider? time = null, Action? lost = null) => new(
        PostgresSettings.Parse(database, PostgresSettings.Setting), time ?? TimeProvider.System, log ?? new LogGate(),
        lost);

    // It means to look at the lock once more later.
    private static async Task WaitsAsync(ManualTimeProvider time, Task? preparing = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (time.UntilNextTimer is null && preparing?.IsCompleted != true)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < WaitLimit.Default);
            await Task.Yield();
        }
    }

    private static Task PrepareAsync(PostgresStore store) => store.PrepareAsync(CancellationToken.None).InTime();

    private static async Task AssertWritesAsync(PostgresStore store)
    {
        var turn = Sample.Turn($"{Guid.NewGuid()}");
        Assert.Equal(
            OpenOutcome.Opened, (await store.OpenTurnAsync(turn, CancellationToken.None).InTime()).Outcome);
    }
}
