using System.Text;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Ollama;

/// <summary>Reads bodies of answers without a connection.</summary>
internal static class OllamaBodies
{
    public static readonly OllamaErrors Errors = new(
        new OllamaOptions { BaseUrl = new Uri("http://example.org") }, new ProviderFailures("ollama", "some-model"));

    public static Task<List<string>> LinesAsync(string body) => LinesAsync(Encoding.UTF8.GetBytes(body));

    public static Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments) =>
        Transcript.LinesAsync(Answer(new SegmentedStream(segments)));

    public static IAsyncEnumerable<ModelEvent> Answer(Stream body) =>
        new WireAnswer(body, new OllamaChunkReader(Errors), Errors, TimeProvider.System)
            .ReadAsync(TestContext.Current.CancellationToken);
}
