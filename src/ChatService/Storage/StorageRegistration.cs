using ChatGrpc.Storage.Embedded;

namespace ChatGrpc.Storage;

internal static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options) =>
        services.AddSingleton<IChatStore>(_ => EmbeddedStore.Open(options));
}
