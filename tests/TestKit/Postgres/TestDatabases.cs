using System.Globalization;
using Npgsql;

namespace ChatGrpc.TestKit.Postgres;

/// <summary>Empty databases of one cluster.</summary>
internal static class TestDatabases
{
    private static int _made;

    /// <summary>Makes one; returns its connection string.</summary>
    /// <param name="template">The database that it is a copy of.</param>
    public static async Task<string> CreateAsync(PostgresCluster cluster, string template = "template0")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _made)}");
        await ExecuteAsync(cluster.ConnectionString("postgres"), $"CREATE DATABASE {name} TEMPLATE {template}");
        return cluster.ConnectionString(name);
    }

    /// <summary>Runs SQL as an administrator would: beside the service, on a connection of its own.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> FindAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
