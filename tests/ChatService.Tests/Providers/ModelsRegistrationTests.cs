using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.OpenAI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Providers;

public sealed class ModelsRegistrationTests
{
    private const string Key = "OPENAI_API_KEY=sk-1";
    private const string Url = "OPENAI_BASE_URL=http://localhost:8000/v1";

    [Theory]
    [InlineData("demo", "demo", "demo")]
    [InlineData("openai,demo", "openai", "gpt-4o-mini", Key)]
    [InlineData("openai,demo", "openai", "gpt-4o-mini", Url)]
    [InlineData("openai,demo", "openai", "qwen", Url, "OPENAI_MODEL=qwen")]
    [InlineData("openai,demo", "demo", "demo", Key, "Chat:DefaultModel=demo")]
    [InlineData("openai,demo", "openai", "gpt-4o-mini", Key, "Chat:DefaultModel=openai")]
    [InlineData("demo", "demo", "demo", "OPENAI_MODEL=qwen")]
    public async Task AddModels_Settings_ModelsAndDefault(
        string aliases, string alias, string model, params string[] settings)
    {
        await using var services = Services(new Logs(), settings);
        var catalogue = services.GetRequiredService<ModelCatalogue>();

        Assert.Equal(aliases.Split(','), catalogue.Aliases);
        Assert.Equal((alias, model), (catalogue.Default.Alias, catalogue.Default.Model));
        Assert.Equal(alias, catalogue.Default.Provider.Name);
        Assert.Same(catalogue.Default, catalogue.Find(""));
    }

    [Theory]
    [InlineData("opnai", "openai, demo. Did you mean openai?")]
    [InlineData("gpt-4", "openai, demo.")]
    public void AddModels_UnknownDefault_OneSentenceWithSettingAndFix(string wanted, string says)
    {
        var exception = Assert.Throws<StartupException>(() => Services(new Logs(), Key, $"Chat:DefaultModel={wanted}"));

        Assert.StartsWith($"Chat:DefaultModel names {wanted}", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddModels_ServicesEnd_ConnectionsEnd()
    {
        var services = Services(new Logs(), Url);
        var provider = services.GetRequiredService<OpenAIProvider>();

        await services.DisposeAsync();

        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => Transcript.ReadAsync(
            provider.StreamAsync(Requests.Saying("Hi"), TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("demo, because neither OPENAI_API_KEY nor OPENAI_BASE_URL is set. For a real model")]
    [InlineData("openai, because OPENAI_API_KEY is set. Set Chat:DefaultModel", Key)]
    [InlineData("openai, because OPENAI_BASE_URL is set.", Url)]
    [InlineData("demo, because Chat:DefaultModel says so.", Key, "Chat:DefaultModel=demo")]
    public async Task StartAsync_Settings_SaysWhatWasChosenAndWhy(string says, params string[] settings)
    {
        var logs = new Logs();
        await using var services = Services(logs, settings);

        await services.GetRequiredService<IHostedService>().StartAsync(TestContext.Current.CancellationToken);

        Assert.Contains("The default model is " + says, logs.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("Model demo: demo, built in.", logs.Lines);
        Assert.DoesNotContain(logs.Lines, line => line.Contains("sk-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Model openai: gpt-4o-mini, at api.openai.com, with the key of OPENAI_API_KEY.", Key)]
    [InlineData("Model openai: gpt-4o-mini, at localhost:8000, without a key.", Url)]
    public async Task StartAsync_OpenAI_SaysWhere(string line, params string[] settings)
    {
        var logs = new Logs();
        await using var services = Services(logs, settings);

        await services.GetRequiredService<IHostedService>().StartAsync(TestContext.Current.CancellationToken);

        Assert.Contains(line, logs.Lines);
    }

    private static ServiceProvider Services(Logs logs, params string[] settings) => new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(logs))
        .AddModels(new ConfigurationBuilder().AddInMemoryCollection(settings
            .Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1])).Build())
        .BuildServiceProvider();

    private sealed class Logs : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
