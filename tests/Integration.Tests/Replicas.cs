namespace Integration.Tests;

/// <summary>Two processes of the service on one database.</summary>
public sealed class Replicas : IAsyncLifetime
{
    internal Deployment One { get; private set; } = null!;

    internal Deployment Two { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var url = await PostgresUrl.OfNewAsync();
        One = await Deployment.StartOnDatabaseAsync(url);
        Two = await Deployment.StartOnDatabaseAsync(url);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
    }
}
