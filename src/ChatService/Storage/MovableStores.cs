using ChatGrpc.Model;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.Storage.Moving;
using ChatGrpc.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Storage;

/// <summary>The stores that conversations can be moved between, by their names on the command line.</summary>
internal static class MovableStores
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <param name="exists">It has to be there already.</param>
    /// <exception cref="StartupException">It cannot be used; the message names the setting and the fix.</exception>
    public static async Task<IMovableStore> OpenAsync(
        string name, StorageOptions options, IConfiguration configuration, bool exists)
    {
        if (name == Sqlite)
        {
            return MovableEmbedded.Open(options, exists);
        }

        var settings = PostgresSettings.Find(configuration)
            ?? throw new StartupException(
                $"Name the database in {PostgresSettings.Setting} or {PostgresSettings.UrlSetting}.");
        return await MovablePostgres.OpenAsync(settings, NullLogger<PostgresStore>.Instance);
    }
}
