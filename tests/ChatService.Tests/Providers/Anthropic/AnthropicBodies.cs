using ChatGrpc.Providers;
using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Anthropic;

/// <summary>Reads bodies of answers without a connection.</summary>
internal static class AnthropicBodies
{
    public const string MessageStop = """{"type":"message_stop"}""";

    public static readonly AnthropicOptions Options = new() { BaseUrl = new Uri("http://example.org") };

    public static readonly AnthropicErrors Errors = new(Options, new ProviderFailures("anthropic", "some-model"));

    public static string Text(string delta) => Delta($$"""{"type":"text_delta","text":"{{delta}}"}""");

    public static string Delta(string delta) =>
        $$"""{"type":"content_block_delta","index":0,"delta":{{delta}}}""";

    public static Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments) =>
        Transcript.LinesAsync(Answer(new SegmentedStream(segments)));

    public static IAsyncEnumerable<ModelEvent> Answer(Stream body) =>
        new WireAnswer(body, new AnthropicChunkReader(Errors), Errors, TimeProvider.System)
            .ReadAsync(TestContext.Current.CancellationToken);
}
