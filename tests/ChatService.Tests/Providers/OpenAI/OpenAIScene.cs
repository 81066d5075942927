using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>A provider that asks a stand-in.</summary>
internal sealed class OpenAIScene : IAsyncDisposable
{
    public const string Key = "sk-test-1234567890";

    // Half the time for which HttpClient by default goes on reading an answer that nobody wants.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private OpenAIScene(OpenAIStandIn standIn)
    {
        StandIn = standIn;
        Provider = At(standIn.BaseUrl);
    }

    public OpenAIStandIn StandIn { get; }

    public ManualTimeProvider Time { get; } = new();

    public HttpModelProvider Provider { get; }

    public static async Task<OpenAIScene> StartAsync() => new(await OpenAIStandIn.StartAsync());

    /// <summary>A provider that asks somewhere else.</summary>
    public HttpModelProvider At(Uri baseUrl) =>
        new(new OpenAIModelWire(new OpenAIOptions { BaseUrl = baseUrl, ApiKey = Key }), Time);

    /// <summary>The token goes to the enumerator.</summary>
    public IAsyncEnumerable<ModelEvent> Ask() => Provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None);

    /// <summary>All that the provider makes of one answer.</summary>
    public async Task<List<ModelEvent>> ReadAsync(Func<OpenAIExchange, Task> answer)
    {
        var said = Transcript.ReadAsync(Ask());
        await answer(await StandIn.NextRequestAsync());
        return await said;
    }

    /// <summary>The failure that is all that the provider makes of one answer.</summary>
    public async Task<Failure> FailureAsync(Func<OpenAIExchange, Task> answer) =>
        Assert.Single(await ReadAsync(answer)).FailureDetail;

    /// <summary>The failure of asking somewhere else.</summary>
    public async Task<Failure> FailureAtAsync(Uri baseUrl)
    {
        using var provider = At(baseUrl);
        var said = await Transcript.ReadAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        return Assert.Single(said).FailureDetail;
    }

    /// <summary>The provider let its connection go without being waited for.</summary>
    public static Task GoneAtOnceAsync(OpenAIExchange exchange) =>
        exchange.Aborted.WaitAsync(AtOnce, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Provider.Dispose();
        return StandIn.DisposeAsync();
    }
}
