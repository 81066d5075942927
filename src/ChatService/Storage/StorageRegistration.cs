using ChatGrpc.Storage.Embedded;
using ChatGrpc.Storage.Postgres;

namespace ChatGrpc.Storage;

internal static class StorageRegistration
{
    /// <summary>PostgreSQL where the configuration names a database, else the embedded store.</summary>
    /// <exception cref="Model.StartupException">The name of the database cannot be read.</exception>
    public static IServiceCollection AddStorage(
        this IServiceCollection services, StorageOptions options, IConfiguration configuration)
    {
        var settings = PostgresSettings.Find(configuration);
        return services.AddSingleton<StoreHints>().AddSingleton<IChatStore>(provider => settings is null
            ? EmbeddedStore.Open(options)
            : new PostgresStore(
                settings, provider.GetRequiredService<StoreHints>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PostgresStore>>()));
    }
}
