using ChatGrpc.Model;
using ChatGrpc.Providers;
using Microsoft.Extensions.Configuration;

namespace ChatGrpc.Tests.Providers;

public sealed class ModelOffersTests
{
    private const string OpenAI = "OPENAI_API_KEY=sk-openai";
    private const string Anthropic = "ANTHROPIC_API_KEY=sk-ant";
    private const string OpenRouter = "OPENROUTER_API_KEY=sk-or";

    [Theory]
    [InlineData("demo")]
    [InlineData("openai,demo", OpenAI)]
    [InlineData("openai,demo", "OPENAI_BASE_URL=http://localhost:8000")]
    [InlineData("openai,anthropic,openrouter,ollama,demo", OpenAI, Anthropic, OpenRouter, "OLLAMA_HOST=localhost")]
    [InlineData("ollama,demo", "DEFAULT_LLM_PROVIDER=ollama")]
    [InlineData("demo", "ANTHROPIC_BASE_URL=http://localhost", "OPENROUTER_BASE_URL=http://localhost")]
    [InlineData("demo", "OPENAI_API_KEY= ", "OLLAMA_HOST=", "OLLAMA_API_KEY=key")]
    [InlineData("anthropic,big,demo", Anthropic, "Chat:Models:big:Provider=anthropic")]
    [InlineData("openai,demo", "Chat:Models:openai:Provider=openai", "Chat:Models:openai:ApiKey=sk")]
    public void From_Settings_AliasesInTheOrderOfPreference(string aliases, params string[] settings) =>
        Assert.Equal(aliases.Split(','), From(settings).Select(offer => offer.Alias));

    [Fact]
    public void From_Environment_EndpointAndModelOfEach()
    {
        var offers = From(
            OpenAI, "OPENAI_MODEL=gpt-x", Anthropic, "ANTHROPIC_BASE_URL=http://localhost:1", OpenRouter,
            "OPENROUTER_HTTP_REFERER=https://example.org", "OPENROUTER_X_TITLE=Example", "OLLAMA_HOST=box:1");

        Assert.Equal(("gpt-x", "sk-openai", "https://api.openai.com/v1"), Told(offers[0]));
        Assert.Equal((null, "sk-ant", "http://localhost:1/"), Told(offers[1]));
        Assert.Equal((null, "sk-or", "https://openrouter.ai/api/v1"), Told(offers[2]));
        Assert.Equal((null, null, "http://box:1/"), Told(offers[3]));
        Assert.Equal(
            ["HTTP-Referer: https://example.org", "X-Title: Example"],
            offers[2].Endpoint!.Headers.Select(header => $"{header.Key}: {header.Value}"));
        Assert.All(offers.Take(4), offer => Assert.True(offer.AnyModel));
    }

    [Fact]
    public void From_ConfiguredModel_HasTheEnvironmentsEndpoint()
    {
        var big = From(OpenAI, "Chat:Models:big:Provider=OpenAI", "Chat:Models:big:Model=gpt-big")[1];

        Assert.Equal(("gpt-big", "sk-openai", "https://api.openai.com/v1"), Told(big));
        Assert.False(big.AnyModel);
    }

    [Fact]
    public void From_ConfiguredAddress_NeverGetsTheEnvironmentsKey()
    {
        var own = From(
            OpenAI, "Chat:Models:own:Provider=openai", "Chat:Models:own:BaseUrl=http://elsewhere",
            "Chat:Models:own:Model=qwen")[1];

        Assert.Equal(("qwen", null, "http://elsewhere/v1"), Told(own));
    }

    [Theory]
    [InlineData("Chat:Models:x:Provider is opnai, which is no provider", "Chat:Models:x:Provider=opnai")]
    [InlineData("Did you mean openai?", "Chat:Models:x:Provider=opnai")]
    [InlineData("Chat:Models:x:Provider is not set", "Chat:Models:x:Model=gpt")]
    [InlineData("Chat:Models:x has no key: set Chat:Models:x:ApiKey or OPENAI_API_KEY.",
        "Chat:Models:x:Provider=openai")]
    [InlineData("Chat:Models:x has no key: set Chat:Models:x:ApiKey.", Anthropic, "Chat:Models:x:Provider=anthropic",
        "Chat:Models:x:BaseUrl=http://elsewhere")]
    [InlineData("Chat:Models:demo: demo is the built-in model", OpenAI, "Chat:Models:demo:Provider=openai")]
    [InlineData("Chat:Models:a/b: an alias is", "Chat:Models:a/b:Provider=demo")]
    [InlineData("OPENROUTER_X_TITLE holds a line break", OpenRouter, "OPENROUTER_X_TITLE=a\nb")]
    [InlineData("Chat:Models:demo-fallback: demo-fallback is the built-in model",
        "Chat:Models:demo-fallback:Provider=demo")]
    [InlineData("Chat:Models:x:Fallbacks names y, which is not configured: name some of x, demo.",
        "Chat:Models:x:Provider=demo", "Chat:Models:x:Fallbacks:0=y")]
    [InlineData("Did you mean demo?", "Chat:Models:x:Provider=demo", "Chat:Models:x:Fallbacks:0=dmo")]
    [InlineData("Chat:Models:x:Fallbacks names x, which is the model itself.",
        "Chat:Models:x:Provider=demo", "Chat:Models:x:Fallbacks:0=demo", "Chat:Models:x:Fallbacks:1=x")]
    [InlineData("Chat:Models:x:Fallbacks names demo twice.",
        "Chat:Models:x:Provider=demo", "Chat:Models:x:Fallbacks:0=demo", "Chat:Models:x:Fallbacks:1=demo")]
    [InlineData("Chat:Models:x:Tools is some: set it to one of native, xml, none.",
        "Chat:Models:x:Provider=demo", "Chat:Models:x:Tools=some")]
    [InlineData("Chat:Models:x:Schemas is none: set it to one of native, instructed.",
        "Chat:Models:x:Provider=demo", "Chat:Models:x:Schemas=none")]
    [InlineData("Chat:Models:x:BaseUrl is no http or https URL", "Chat:Models:x:Provider=openai",
        "Chat:Models:x:BaseUrl=elsewhere")]
    public void From_WrongSetting_OneSentenceWithSettingAndFix(string says, params string[] settings) =>
        Assert.Contains(says, Assert.Throws<StartupException>(() => From(settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void From_ConfiguredModel_HasItsTraits()
    {
        var traits = From(
            OpenAI, "Chat:Models:x:Provider=openai", "Chat:Models:x:Fallbacks:0=openai",
            "Chat:Models:x:Fallbacks:1=demo", "Chat:Models:x:Streaming=false",
            "Chat:Models:x:Tools=XML", "Chat:Models:x:Schemas=Instructed")[1].Traits;

        Assert.Equal(["openai", "demo"], traits.Fallbacks);
        Assert.Equal(
            (false, ToolWay.Xml, SchemaWay.Instructed), (traits.Streams, traits.Tools!.Value, traits.Schemas!.Value));
    }

    [Fact]
    public void From_TwoModelsThatStandInForEachOther_IsAllowed()
    {
        var offers = From(
            "Chat:Models:x:Provider=demo", "Chat:Models:x:Fallbacks:0=y", "Chat:Models:y:Provider=demo",
            "Chat:Models:y:Fallbacks:0=x");

        Assert.Equal(["x>y", "y>x"], offers.Where(offer => offer.Traits.Fallbacks is not [])
            .Select(offer => $"{offer.Alias}>{offer.Traits.Fallbacks[0]}"));
    }

    [Theory]
    [InlineData("demo", "no other is configured")]
    [InlineData("openai", "OPENAI_API_KEY is set", OpenAI)]
    [InlineData("openai", "OPENAI_BASE_URL is set", "OPENAI_BASE_URL=http://localhost")]
    [InlineData("anthropic", "it comes first of anthropic, openrouter, demo", OpenRouter, Anthropic)]
    [InlineData("openrouter", "DEFAULT_LLM_PROVIDER says so", OpenRouter, Anthropic, "DEFAULT_LLM_PROVIDER=OpenRouter")]
    [InlineData("demo", "Chat:DefaultModel says so", OpenAI, "Chat:DefaultModel=demo", "DEFAULT_LLM_PROVIDER=openai")]
    [InlineData("demo", "no other answers", "OLLAMA_HOST=localhost")]
    [InlineData("ollama", "DEFAULT_LLM_PROVIDER says so", "DEFAULT_LLM_PROVIDER=ollama")]
    [InlineData("mine", "it comes first of mine, demo that answer", "OLLAMA_HOST=localhost",
        "Chat:Models:mine:Provider=openai", "Chat:Models:mine:ApiKey=sk")]
    public void Choose_Settings_TheDefaultAndWhy(string alias, string reason, params string[] settings)
    {
        // Nobody runs Ollama.
        var chosen = DefaultModel.Choose(Configuration(settings), From(settings), new HashSet<string> { "ollama" });

        Assert.Equal((alias, reason), (chosen.Alias, chosen.Reason));
    }

    [Theory]
    [InlineData("Chat:DefaultModel names opnai, which is not configured: set it to one of openai, demo. "
        + "Did you mean openai?", OpenAI, "Chat:DefaultModel=opnai")]
    [InlineData("DEFAULT_LLM_PROVIDER names anthropic, which is not configured: set ANTHROPIC_API_KEY, or set it to "
        + "one of demo.", "DEFAULT_LLM_PROVIDER=anthropic")]
    public void Choose_WhatIsNotOffered_OneSentenceWithSettingAndFix(string says, params string[] settings) =>
        Assert.Equal(
            says,
            Assert.Throws<StartupException>(
                () => DefaultModel.Choose(Configuration(settings), From(settings), new HashSet<string>())).Message);

    private static IReadOnlyList<ModelOffer> From(params string[] settings)
    {
        var configuration = Configuration(settings);
        var configured = configuration.GetSection(ModelOffers.Section).Get<Dictionary<string, ModelOptions>>() ?? [];
        return ModelOffers.From(configuration, configured);
    }

    private static IConfiguration Configuration(string[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2))
            .ToDictionary(pair => pair[0], string? (pair) => pair[1]))
        .Build();

    private static (string? Model, string? Key, string Url) Told(ModelOffer offer) =>
        (offer.Model, offer.Endpoint!.ApiKey, offer.Endpoint.BaseUrl.AbsoluteUri);
}
