using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class ChainCostTests
{
    private const string Word = "word ";

    [Theory]
    [InlineData(false, 0)]
    // The text once more, in UTF-16, in case that it has to be carried on; and the chunks that hold it.
    [InlineData(true, 2 * 5 + 2)]
    public async Task Ask_NothingFails_ATokenAllocatesNothingElse(bool hasFallbacks, int most)
    {
        const int Events = 100_000;
        var entry = new ModelEntry("a", "a", new TalkativeModel());
        var pipeline = new ModelPipeline(
            new ResilienceOptions(), new TurnOptions().ToPatience(), new ManualTimeProvider());
        var chain = pipeline.Around(hasFallbacks ? entry with { Fallbacks = [entry with { Alias = "b" }] } : entry);
        await using var said = chain.StreamAsync(ScriptedChain.Request, CancellationToken.None).GetAsyncEnumerator();
        await SkipAsync(said, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await SkipAsync(said, Events);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // What the test and the runtime allocate besides is less than a byte an event.
        Assert.InRange(allocated / Events, 0, most);
    }

    // Nothing here waits: all of it happens on one thread.
    private static async ValueTask SkipAsync(IAsyncEnumerator<ModelEvent> said, int events)
    {
        for (var i = 0; i < events; i++)
        {
            Assert.True(await said.MoveNextAsync());
        }
    }

    private sealed class TalkativeModel : IModelProvider
    {
        public string Name => "talkative";

        public async IAsyncEnumerable<ModelEvent> StreamAsync(
            ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            while (!cancellationToken.IsCancellationRequested)
            {
                yield return ModelEvent.Answer(Word);
            }

            yield return ModelEvent.Finished(FinishReason.Stop, "stop");
        }
    }
}
