using ChatGrpc.TestKit.Postgres;

namespace Integration.Tests;

/// <summary>A database of a test's cluster, as an operator names it.</summary>
internal static class PostgresUrl
{
    public static string Of(PostgresCluster cluster, string database, string user = "postgres") =>
        $"postgres://{user}@/{database}?host={Uri.EscapeDataString(cluster.Folder)}";

    public static string NameOf(string connectionString) =>
        connectionString[(connectionString.LastIndexOf('=') + 1)..];
}
