namespace Grpc.AspNetCore.Server;

/// <summary>An instance for the time of one call; disposed at its end unless dependency injection owns it.</summary>
internal readonly struct Lease<T>(T instance, bool isOwned) : IAsyncDisposable
    where T : class
{
    public T Instance { get; } = instance;

    public ValueTask DisposeAsync()
    {
        if (isOwned && Instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }

        if (isOwned && Instance is IDisposable disposable)
        {
            disposable.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
