using System.Text;
using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>Reads bodies of answers without a connection.</summary>
internal static class Bodies
{
    public static readonly OpenAIErrors Errors = new(new OpenAIOptions(), new ProviderFailures("openai", "some-model"));

    public static Task<List<string>> LinesAsync(string body) => LinesAsync(Encoding.UTF8.GetBytes(body));

    public static Task<List<string>> LinesAsync(params ReadOnlyMemory<byte>[] segments) =>
        Transcript.LinesAsync(new OpenAIAnswer(new SegmentedStream(segments), Errors, TimeProvider.System)
            .ReadAsync(TestContext.Current.CancellationToken));
}
