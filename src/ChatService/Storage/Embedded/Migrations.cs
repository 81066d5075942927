using System.Globalization;
using System.Reflection;
using Chat.V1;
using ChatGrpc.Model;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Brings a database to this program's schema: NNNN-name.sql, each once, each in a transaction.</summary>
internal static class Migrations
{
    private const string Folder = ".Storage.Embedded.Migrations.";

    /// <exception cref="StartupException">The database is from a newer program.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var migrations = Load();
        var applied = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (applied > migrations.Count)
        {
            throw new StartupException(
                $"The data in {connection.DataSource} is of schema {applied}, and this program knows "
                + $"{migrations.Count}: start the newer program, or name another folder in Chat:Storage:Path.");
        }

        connection.CreateFunction(
            "session_title", (byte[] parts) => SessionTitle.Of([.. LengthPrefixed.Decode<Part>(parts)]));
        for (var version = (int)applied + 1; version <= migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(migrations[version - 1], transaction: transaction);
            connection.Execute(
                string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"),
                transaction: transaction);
            transaction.Commit();
        }
    }

    private static List<string> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd();
                }),
        ];
    }
}
