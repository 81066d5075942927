using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using ChatGrpc.TestKit.Providers;
using Grpc.Health.V1;
using Grpc.Net.Client;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using Service = Chat.V1.ChatService;

namespace Integration.Tests;

/// <summary>
/// A service process on data of its own, a client of it and, if wanted, a stand-in for a provider behind it.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly string[] _settings;
    private readonly ProviderStandIn? _models;
    private readonly Dictionary<string, string> _environment = [];
    private GrpcChannel? _channel;

    private Deployment(string[] settings, ProviderStandIn? models)
    {
        _settings = settings;
        _models = models;
    }

    public ServiceProcess Process { get; private set; } = null!;

    public Service.ChatServiceClient Client { get; private set; } = null!;

    public ProviderStandIn StandIn => _models ?? throw new InvalidOperationException("Started without a stand-in.");

    public string DataFolder => _data.Path;

    /// <summary>Errors in its log are what the test is about.</summary>
    public bool ExpectsErrors { get; set; }

    public ModelService.ModelServiceClient Models() => new(_channel);

    public SessionService.SessionServiceClient Sessions() => new(_channel);

    public ToolService.ToolServiceClient Tools() => new(_channel);

    /// <summary>The demo model alone.</summary>
    public static Task<Deployment> StartAsync(params string[] settings) => StartAsync(settings, models: null);

    /// <summary>The demo model alone, and conversations in a database.</summary>
    public static Task<Deployment> StartOnDatabaseAsync(string url, params string[] settings) =>
        StartAsync(settings, models: null, ("DATABASE_URL", url));

    /// <summary>The default model is the stand-in's, which speaks OpenAI's wire.</summary>
    public static Task<Deployment> StartWithStandInAsync(params string[] settings) =>
        StartWithAsync("openai", settings);

    /// <summary>The default model is the stand-in's.</summary>
    /// <param name="wire">openai, anthropic or ollama.</param>
    public static async Task<Deployment> StartWithAsync(string wire, params string[] settings)
    {
        const string Key = "sk-test-0123456789";
        switch (wire)
        {
            case "anthropic":
                var anthropic = await ProviderStandIn.StartAnthropicAsync();
                return await StartAsync(
                    settings, anthropic, ("ANTHROPIC_BASE_URL", $"{anthropic.BaseUrl}"), ("ANTHROPIC_API_KEY", Key));
            case "ollama":
                var ollama = await ProviderStandIn.StartOllamaAsync();
                ollama.Offer(ModelLists.Ollama("llama3.2:latest"));
                return await StartAsync(settings, ollama, ("OLLAMA_HOST", $"{ollama.BaseUrl}"));
            default:
                var openAI = await ProviderStandIn.StartOpenAIAsync();
                return await StartAsync(
                    settings, openAI, ("OPENAI_BASE_URL", $"{openAI.BaseUrl}"), ("OPENAI_API_KEY", Key));
        }
    }

    /// <summary>Starts the service again on the same data.</summary>
    public async Task StartAgainAsync()
    {
        _channel?.Dispose();
        Process = await ServiceProcess.StartAsync(DataFolder, _settings, _environment);
        _channel = GrpcChannel.ForAddress(Process.Address);
        Client = new Service.ChatServiceClient(_channel);
    }

    /// <summary>After SIGTERM, which is on its way.</summary>
    public async Task UntilNotServingAsync()
    {
        using var channel = GrpcChannel.ForAddress(Process.Address);
        var health = new Health.HealthClient(channel);
        while ((await health.CheckAsync(new HealthCheckRequest()).ResponseAsync.InTime()).Status
            != ServingStatus.NotServing)
        {
            // It still takes calls.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await Process.DisposeAsync();
        if (_models is not null)
        {
            await _models.DisposeAsync();
        }

        _data.Dispose();
        if (!ExpectsErrors)
        {
            Assert.DoesNotContain("fail: ", Process.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("crit: ", Process.Output, StringComparison.Ordinal);
    }

    private static async Task<Deployment> StartAsync(
        string[] settings, ProviderStandIn? models, params (string Name, string Value)[] environment)
    {
        var deployment = new Deployment(settings, models);
        foreach (var (name, value) in environment)
        {
            deployment._environment[name] = value;
        }

        await deployment.StartAgainAsync();
        return deployment;
    }
}
