using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>A provider that asks a stand-in.</summary>
internal sealed class ProviderScene : IAsyncDisposable
{
    // Half the time for which HttpClient by default goes on reading an answer that nobody wants.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private readonly WireCase _wire;

    private ProviderScene(WireCase wire, ProviderStandIn standIn)
    {
        _wire = wire;
        StandIn = standIn;
        Provider = wire.At(standIn.BaseUrl, Time);
    }

    public ProviderStandIn StandIn { get; }

    public ManualTimeProvider Time { get; } = new();

    public HttpModelProvider Provider { get; }

    public static async Task<ProviderScene> StartAsync(WireCase wire) => new(wire, await wire.StartStandInAsync());

    /// <summary>The token goes to the enumerator.</summary>
    public IAsyncEnumerable<ModelEvent> Ask() => Ask(Requests.Saying("Hi"));

    public IAsyncEnumerable<ModelEvent> Ask(ModelRequest request) =>
        Provider.StreamAsync(request, CancellationToken.None);

    /// <summary>All that the provider makes of one answer.</summary>
    public Task<List<ModelEvent>> ReadAsync(Func<ProviderExchange, Task> answer) =>
        ReadAsync(Requests.Saying("Hi"), answer);

    /// <summary>The same of another request.</summary>
    public async Task<List<ModelEvent>> ReadAsync(ModelRequest request, Func<ProviderExchange, Task> answer)
    {
        var said = Transcript.ReadAsync(Ask(request));
        await answer(await StandIn.NextRequestAsync());
        return await said;
    }

    /// <summary>The same, as lines.</summary>
    public async Task<List<string>> LinesAsync(Func<ProviderExchange, Task> answer) =>
        [.. (await ReadAsync(answer)).Select(Transcript.Line)];

    /// <summary>The same of an answer that is wanted in one piece.</summary>
    public async Task<List<string>> WholeLinesAsync(Func<ProviderExchange, Task> answer) =>
        [.. (await ReadAsync(Requests.Saying("Hi") with { Streaming = false }, answer)).Select(Transcript.Line)];

    /// <summary>The failure that is all that the provider makes of one answer.</summary>
    public async Task<Failure> FailureAsync(Func<ProviderExchange, Task> answer) =>
        Assert.Single(await ReadAsync(answer)).FailureDetail;

    /// <summary>The failure of asking somewhere else.</summary>
    public async Task<Failure> FailureAtAsync(Uri baseUrl)
    {
        using var provider = _wire.At(baseUrl, Time);
        var said = await Transcript.ReadAsync(provider.StreamAsync(Requests.Saying("Hi"), CancellationToken.None));
        return Assert.Single(said).FailureDetail;
    }

    /// <summary>The exchange of an answer of which one delta has been written and read.</summary>
    public async Task<ProviderExchange> ReadOneAsync(IAsyncEnumerator<ModelEvent> answer)
    {
        var first = answer.MoveNextAsync();
        var exchange = await StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Hi");
        Assert.True(await first.InTime());
        Assert.Equal("answer Hi", Transcript.Line(answer.Current));
        return exchange;
    }

    /// <summary>The provider let its connection go without being waited for.</summary>
    public static Task GoneAtOnceAsync(ProviderExchange exchange) =>
        exchange.Aborted.WaitAsync(AtOnce, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Provider.Dispose();
        return StandIn.DisposeAsync();
    }
}
