using Interop.Tests.Server;

namespace Interop.Tests.Cases;

/// <summary>A server and a client of it, for all cases of a class.</summary>
public abstract class Connected : IAsyncLifetime
{
    private InteropServer? _server;

    internal IClientDriver? Client { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _server = await InteropServer.StartAsync();
        Client = await ConnectAsync(_server);
    }

    public virtual async ValueTask DisposeAsync()
    {
        // Both are missing if they could not be started.
        await (Client?.DisposeAsync() ?? default);
        await (_server?.DisposeAsync() ?? default);
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<IClientDriver> ConnectAsync(InteropServer server);
}

/// <summary>Every case, asked of one client.</summary>
public abstract class ClientTests
{
    private readonly Connected _connected;

    private protected ClientTests(Connected connected) => _connected = connected;

    /// <param name="name">A case's.</param>
    private protected Task CheckAsync(string name) =>
        ClientCases.All.Single(one => one.Name == name).CheckAsync(_connected.Client!);

    /// <summary>The names of all cases but of those that the client itself cannot do, each with the reason.</summary>
    private protected static TheoryData<string> AllBut(params (string Name, string Reason)[] limits)
    {
        Assert.Equal([], limits.Select(limit => limit.Name).Except(ClientCases.All.Select(one => one.Name)));
        return [.. ClientCases.All.Select(one => one.Name).Except(limits.Select(limit => limit.Name))];
    }
}
