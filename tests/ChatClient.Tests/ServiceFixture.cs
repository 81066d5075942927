using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests;

/// <summary>One service for all tests of the class: the default model is the stand-in's, demo is there too.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();

    public Uri Address => Process.Address;

    internal ProviderStandIn Models { get; private set; } = null!;

    private ServiceProcess Process { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Models = await ProviderStandIn.StartOpenAIAsync();
        Process = await ServiceProcess.StartAsync(
            _data.Path, [], new Dictionary<string, string> { ["OPENAI_BASE_URL"] = Models.BaseUrl.ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Models.DisposeAsync();
        _data.Dispose();
    }
}
