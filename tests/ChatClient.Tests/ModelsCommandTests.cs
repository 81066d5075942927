using ChatGrpc.Client;

namespace ChatClient.Tests;

public sealed class ModelsCommandTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Models_AsATable_MarksTheDefaultAndSaysWhatIsKnown()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "models");
        await (await service.Models.NextListingAsync()).RespondAsync(
            200, """{"data":[{"id":"big","context_length":8192,"supported_parameters":["tools"]}]}""");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(
            """
            * openai         openai gpt-4o-mini  not available: Its provider does not list the model gpt-4o-mini.
              demo           demo                available, reasons, calls tools
              demo-fallback  demo demo-broken    available, reasons, calls tools, falls back on demo-cut, demo
              openai/big     openai big          available, calls tools, 8,192 tokens of context

            """,
            chat.Output);
    }

    [Theory]
    [InlineData(true, "openai/\uFFFD[2Jbig")]
    [InlineData(false, "openai/\e[2Jbig")]
    public async Task Models_WithControlCharacters_AreHarmlessOnATerminal(bool terminal, string expected)
    {
        using var chat = new ChatProgram { IsTerminal = terminal };
        var running = chat.RunAsync(service.Address, "models");
        await (await service.Models.NextListingAsync()).RespondAsync(200, """{"data":[{"id":"\u001b[2Jbig"}]}""");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Contains(expected, chat.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_OfAProviderThatTellsNone_AreNotCalledAbsent()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "models");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Contains("its provider does not say whether it is there", chat.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_AsJson_AModelALine()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "models", "--json");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(3, chat.Output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("{ \"alias\": \"openai\"", chat.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_NoServiceThere_SaysHowToStartOne()
    {
        using var chat = new ChatProgram();

        Assert.Equal(14, await chat.RunAsync(new Uri("http://127.0.0.1:9"), "models"));
        Assert.Contains("No service at", chat.Error, StringComparison.Ordinal);
    }
}
