using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Ollama;

/// <summary>A provider that asks a stand-in.</summary>
internal sealed class OllamaScene : IAsyncDisposable
{
    private OllamaScene(ProviderStandIn standIn)
    {
        StandIn = standIn;
        Provider = At(standIn.BaseUrl);
    }

    public ProviderStandIn StandIn { get; }

    public OllamaProvider Provider { get; }

    public static async Task<OllamaScene> StartAsync() => new(await ProviderStandIn.StartOllamaAsync());

    /// <summary>A provider that asks somewhere else, or with a key.</summary>
    public static OllamaProvider At(Uri baseUrl, string? key = null) =>
        new(new OllamaOptions { BaseUrl = baseUrl, ApiKey = key }, new ManualTimeProvider());

    /// <summary>The token goes to the enumerator.</summary>
    public IAsyncEnumerable<ModelEvent> Ask() => Provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None);

    /// <summary>All that the provider makes of one answer.</summary>
    public async Task<List<ModelEvent>> ReadAsync(Func<ProviderExchange, Task> answer)
    {
        var said = Transcript.ReadAsync(Ask());
        await answer(await StandIn.NextRequestAsync());
        return await said;
    }

    /// <summary>The failure that is all that the provider makes of one answer.</summary>
    public async Task<Failure> FailureAsync(Func<ProviderExchange, Task> answer) =>
        Assert.Single(await ReadAsync(answer)).FailureDetail;

    /// <summary>The failure of asking somewhere else.</summary>
    public static async Task<Failure> FailureAtAsync(Uri baseUrl)
    {
        using var provider = At(baseUrl);
        var said = await Transcript.ReadAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        return Assert.Single(said).FailureDetail;
    }

    public ValueTask DisposeAsync()
    {
        Provider.Dispose();
        return StandIn.DisposeAsync();
    }
}
