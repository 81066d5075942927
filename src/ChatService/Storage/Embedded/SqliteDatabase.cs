using Chat.V1;
using ChatGrpc.Storage.Search;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Opens connections to the database file as the store needs them.</summary>
internal sealed class SqliteDatabase(string file)
{
    // Only the writer writes, so a lock lasts no longer than a checkpoint.
    private const string Settings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";

    private readonly string _writing = ConnectionString(file, SqliteOpenMode.ReadWriteCreate, pooled: false);
    private readonly string _reading = ConnectionString(file, SqliteOpenMode.ReadOnly, pooled: true);

    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(_writing);
        connection.Open();
        connection.Execute(Settings);
        connection.CreateFunction(
            "search_text", (byte[] parts) => SearchReading.TextOf(LengthPrefixed.Decode<Part>(parts)));
        return connection;
    }

    /// <summary>
    /// A pooled connection that sees the last commit. Reads do not wait for the writer, nor it for them.
    /// </summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_reading);
        connection.Open();
        return connection;
    }

    private static string ConnectionString(string file, SqliteOpenMode mode, bool pooled) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = pooled }.ToString();
}
