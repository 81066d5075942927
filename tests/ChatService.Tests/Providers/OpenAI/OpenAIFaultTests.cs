using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>Where this wire has more places to break at than the contract knows.</summary>
public sealed class OpenAIFaultTests : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(OpenAICase.Instance);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_BrokenBeforeText_Unreachable(bool byReset)
    {
        await using var said = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = said.MoveNextAsync().AsTask();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();

        // It is read before the connection breaks: otherwise that would break before the headers were there.
        await exchange.WriteEventAsync(OpenAIWire.Usage(1, 0));
        Assert.True(await next.InTime());
        next = said.MoveNextAsync().AsTask();

        if (byReset)
        {
            exchange.Reset();
        }
        else
        {
            exchange.CutOff();
        }

        Assert.True(await next.InTime());
        Assert.Equal("failed PROVIDER_UNREACHABLE", Transcript.Line(said.Current));
    }

    [Fact]
    public async Task StreamAsync_BodyEndsAfterTheFinishReason_Cut() => Assert.Equal(
        ["answer Hi", "failed PROVIDER_STREAM_CUT"],
        await _scene.LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            await exchange.WriteEventAsync(OpenAIWire.Finish("stop"));
            exchange.End();
        }));
}
