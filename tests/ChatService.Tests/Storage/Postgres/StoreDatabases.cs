using System.Collections.Concurrent;
using ChatGrpc.TestKit.Postgres;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>
/// Databases without conversations; emptied when they come back, which is quicker than to make new ones.
/// </summary>
internal static class StoreDatabases
{
    private static readonly ConcurrentBag<string> Idle = [];

    public static async Task<string> TakeAsync() =>
        Idle.TryTake(out var idle) ? idle : await TestDatabases.CreateAsync(await PostgresCluster.SharedAsync());

    public static async Task ReturnAsync(string database)
    {
        await TestDatabases.ExecuteAsync(
            database,
            "TRUNCATE chatgrpc.session, chatgrpc.message, chatgrpc.stream, chatgrpc.turn_step, chatgrpc.stream_chunk, "
            + "chatgrpc.search_entry, chatgrpc.incarnation, chatgrpc.wish");
        Idle.Add(database);
    }
}
