using ChatGrpc.TestKit.Postgres;

namespace Integration.Tests;

/// <summary>A database of a test's cluster, as an operator names it.</summary>
internal static class PostgresUrl
{
    public static string Of(PostgresCluster cluster, string database, string user = "postgres") =>
        $"postgres://{user}@/{database}?host={Uri.EscapeDataString(cluster.Folder)}";

    /// <summary>A new database on the shared cluster.</summary>
    public static async Task<string> OfNewAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        return Of(cluster, NameOf(await TestDatabases.CreateAsync(cluster)));
    }

    public static string NameOf(string connectionString) =>
        connectionString[(connectionString.LastIndexOf('=') + 1)..];
}
