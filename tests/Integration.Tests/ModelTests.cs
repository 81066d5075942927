using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using Grpc.Net.Client;

namespace Integration.Tests;

/// <summary>Which models the service offers, from what it finds around it.</summary>
public sealed class ModelTests
{
    [Fact]
    public async Task ListModels_NothingConfigured_TheDemoModelAndItsChain()
    {
        await using var deployment = await Deployment.StartAsync();

        var listed = await deployment.Models().ListModelsAsync(new ListModelsRequest());

        Assert.Equal(["demo", "demo-fallback"], listed.Models.Select(model => model.Alias));
        Assert.Equal("demo", listed.DefaultModel);
        Assert.Equal(["demo-cut", "demo"], listed.Models[1].Fallbacks);
        Assert.All(listed.Models, model => Assert.Equal(
            ("demo", ModelAvailability.Available), (model.Provider, model.Availability)));
    }

    [Fact]
    public async Task ListModels_AProviderThatListsMore_TheyCanBeAskedToo()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var listing = deployment.Models().ListModelsAsync(new ListModelsRequest());
        var exchange = await deployment.StandIn.NextListingAsync();
        Assert.Equal("/v1/models", exchange.Path);
        await exchange.RespondAsync(
            200,
            """{"data":[{"id":"gpt-4o-mini"},{"id":"big","context_length":8192,"supported_parameters":["tools"]}]}""");

        var listed = await listing;

        Assert.Equal(
            ["openai", "demo", "demo-fallback", "openai/big"],
            listed.Models.Select(model => model.Alias));
        Assert.All(listed.Models, model => Assert.Equal(ModelAvailability.Available, model.Availability));
        var big = listed.Models[3];
        Assert.Equal((true, true, 8192L), (big.Discovered, big.Capabilities.Tools, big.Capabilities.ContextTokens));
        Assert.False(big.Capabilities.HasImages);

        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Hi", Model = "openai/big" });
        var asked = await deployment.StandIn.NextRequestAsync();
        Assert.Equal("big", asked.Body.GetProperty("model").GetString());
        await asked.AnswerAsync("Hello");
        await reading.ToEndAsync();
        Assert.Equal(("openai/big", "big"), (reading.Session.Model, reading.Session.ResolvedModel));
    }

    [Fact]
    public async Task ListModels_AProviderThatRefusesTheKey_SaysWhy()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var listing = deployment.Models().ListModelsAsync(new ListModelsRequest { ConfiguredOnly = true });
        await (await deployment.StandIn.NextListingAsync()).RespondAsync(401, "{}");

        var openAI = (await listing).Models[0];

        Assert.Equal(ModelAvailability.Unavailable, openAI.Availability);
        Assert.Contains("refuses this service's API key", openAI.UnavailableReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeyInUserSecrets_OffersItsModelsBelowTheEnvironment()
    {
        using var data = new TemporaryFolder();
        var secrets = Directory.CreateDirectory(Path.Combine(data.Path, "Microsoft", "UserSecrets", "chatgrpc"));
        await File.WriteAllTextAsync(
            Path.Combine(secrets.FullName, "secrets.json"),
            """{"OPENAI_API_KEY":"sk-secret-0123456789","OPENAI_MODEL":"from-secrets"}""",
            TestContext.Current.CancellationToken);

        await using var service = await ServiceProcess.StartAsync(
            Path.Combine(data.Path, "store"), [],
            new Dictionary<string, string> { ["APPDATA"] = data.Path, ["OPENAI_MODEL"] = "from-environment" });

        Assert.Contains("Model openai: from-environment, at api.openai.com", service.Output, StringComparison.Ordinal);
        Assert.Contains("The default model is openai, because", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OllamaThatIsNotThere_OffersItButChoosesAnother()
    {
        using var data = new TemporaryFolder();

        // The discard port: nobody listens.
        await using var service = await ServiceProcess.StartAsync(
            data.Path, [], new Dictionary<string, string> { ["OLLAMA_HOST"] = "127.0.0.1:9" });

        Assert.Contains("Model ollama: llama3.2, at 127.0.0.1:9, which does", service.Output, StringComparison.Ordinal);
        Assert.Contains("The default model is demo, because no other", service.Output, StringComparison.Ordinal);
    }
}
