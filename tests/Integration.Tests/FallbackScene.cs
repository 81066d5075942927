using Chat.V1;
using ChatGrpc.TestKit.Providers;

namespace Integration.Tests;

/// <summary>A service with a chain of two models, each behind a stand-in of its own; nothing is tried twice.</summary>
internal sealed class FallbackScene : IAsyncDisposable
{
    private FallbackScene(ProviderStandIn first, ProviderStandIn second, Deployment deployment) =>
        (First, Second, Deployment) = (first, second, deployment);

    public ProviderStandIn First { get; }

    public ProviderStandIn Second { get; }

    public Deployment Deployment { get; }

    /// <param name="second">The second model's wire, openai or ollama.</param>
    public static async Task<FallbackScene> StartAsync(string second = "openai", params string[] settings)
    {
        var first = await ProviderStandIn.StartOpenAIAsync();
        var other = second == "openai"
            ? await ProviderStandIn.StartOpenAIAsync()
            : await ProviderStandIn.StartOllamaAsync();
        var deployment = await Deployment.StartAsync(
        [
            "Chat:Models:first:Provider=openai", "Chat:Models:first:Model=first-1",
            $"Chat:Models:first:BaseUrl={first.BaseUrl}", "Chat:Models:first:Fallbacks:0=second",
            $"Chat:Models:second:Provider={second}", "Chat:Models:second:Model=second-1",
            $"Chat:Models:second:BaseUrl={other.BaseUrl}",
            "Chat:DefaultModel=first", "Chat:Resilience:Retries=0", .. settings,
        ]);
        return new FallbackScene(first, other, deployment);
    }

    public Reading Send() => Reading.Start(Deployment.Client, new StreamChatRequest { Message = "Hi" });

    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
