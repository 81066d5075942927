using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using ChatGrpc.TestKit.Processes;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace Integration.Tests;

/// <summary>
/// A service process on data of its own, a client of it and, if wanted, an OpenAI stand-in behind it.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly string[] _settings;
    private readonly ProviderStandIn? _models;
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

    public ModelService.ModelServiceClient Models() => new(_channel);

    /// <summary>The demo model alone.</summary>
    public static Task<Deployment> StartAsync(params string[] settings) => StartAsync(settings, models: null);

    /// <summary>The default model is the stand-in's.</summary>
    public static async Task<Deployment> StartWithStandInAsync(params string[] settings) =>
        await StartAsync(settings, await ProviderStandIn.StartOpenAIAsync());

    /// <summary>Starts the service again on the same data.</summary>
    public async Task StartAgainAsync()
    {
        _channel?.Dispose();
        var environment = new Dictionary<string, string>();
        if (_models is not null)
        {
            environment["OPENAI_BASE_URL"] = _models.BaseUrl.ToString();
            environment["OPENAI_API_KEY"] = "sk-test-0123456789";
        }

        Process = await ServiceProcess.StartAsync(DataFolder, _settings, environment);
        _channel = GrpcChannel.ForAddress(Process.Address);
        Client = new Service.ChatServiceClient(_channel);
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
        Assert.DoesNotContain("fail: ", Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", Process.Output, StringComparison.Ordinal);
    }

    private static async Task<Deployment> StartAsync(string[] settings, ProviderStandIn? models)
    {
        var deployment = new Deployment(settings, models);
        await deployment.StartAgainAsync();
        return deployment;
    }
}
