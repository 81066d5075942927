using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>Reads bodies of answers without a connection.</summary>
internal static class Bodies
{
    public static readonly OpenAIErrors Errors = new(
        new OpenAIOptions { BaseUrl = new Uri("http://example.org/v1") }, new ProviderFailures("openai", "some-model"));

    public static Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments) =>
        Transcript.LinesAsync(Answer(new SegmentedStream(segments)));

    public static IAsyncEnumerable<ModelEvent> Answer(Stream body) =>
        new WireAnswer(body, new OpenAIChunkReader(Errors), Errors, TimeProvider.System)
            .ReadAsync(TestContext.Current.CancellationToken);
}
