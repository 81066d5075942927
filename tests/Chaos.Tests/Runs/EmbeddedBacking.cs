using System.Data.Common;
using ChatGrpc.Storage.Embedded;
using Microsoft.Data.Sqlite;

namespace Chaos.Tests.Runs;

/// <param name="folder">Chat:Storage:Path.</param>
internal sealed class EmbeddedBacking(string folder) : IBacking
{
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public async Task<DbConnection> OpenAsync()
    {
        SqliteLibrary.Load();
        var file = Directory.GetFiles(folder, "*.db").Single();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ToString());
        await connection.OpenAsync();
        return connection;
    }
}
