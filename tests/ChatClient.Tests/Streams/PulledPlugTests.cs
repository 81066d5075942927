using System.Globalization;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests.Streams;

/// <summary>The service as a process that is killed in mid-answer and started again, on the port that it had.</summary>
public sealed class PulledPlugTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private readonly Keyboard _keyboard = new();

    private ProviderStandIn Models { get; set; } = null!;

    private ServiceProcess Service { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Models = await ProviderStandIn.StartOpenAIAsync();
        Service = await StartAsync(port: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Models.DisposeAsync();
        _keyboard.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Kill_InMidAnswer_EndsHonestlyAndIsContinuedOnDemand(int tokens)
    {
        using var chat = new ChatProgram { Keyboard = _keyboard, IsTerminal = true, ErrorIsTerminal = true };
        var running = chat.RunAsync(Service.Address, "Count");
        var exchange = await Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        for (var i = 0; i < tokens; i++)
        {
            await exchange.WriteTextAsync($"<{i}>");
            await chat.OutputHasAsync($"<{i}>");
        }

        await RestartAsync();
        await chat.ErrorHasAsync("The answer was interrupted. Continue it? [Y/n] ");
        _keyboard.Type("y");
        var continued = await Models.NextRequestAsync();
        await continued.AnswerAsync("and the rest");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.EndsWith("and the rest\n", chat.Output, StringComparison.Ordinal);
        for (var i = 0; i < tokens; i++)
        {
            // What was not saved in time is withdrawn, and shown with what follows; it is never doubled unsaid.
            Assert.True(Count(chat.Output, $"<{i}>") == 1 || IsWithdrawn(chat), chat.Output + chat.Error);
        }
    }

    [Fact]
    public async Task Kill_BeforeTheMessage_SendsItOnceTheServiceIsBack()
    {
        using var chat = new ChatProgram();
        await Service.KillAsync();
        var running = chat.RunAsync(Service.Address, "Count");
        await chat.ErrorHasAsync("Trying again");
        Service = await StartAsync(Service.Address.Port);
        await (await Models.NextRequestAsync()).AnswerAsync("One");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("One\n", chat.Output);
    }

    [Fact]
    public async Task Resume_AfterARestart_ShowsTheAnswerAgainAndCancelSaysHowItEnded()
    {
        using var chat = new ChatProgram();
        var asked = chat.RunAsync(Service.Address, "Count");
        await (await Models.NextRequestAsync()).AnswerAsync("One ", "two ", "three");
        Assert.Equal(ExitCodes.Ok, await asked);
        await RestartAsync();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(Service.Address, "resume"));
        Assert.Equal("One two three\nOne two three\n", chat.Output);
        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(Service.Address, "resume", "--after", "2"));
        Assert.EndsWith("\nthree\n", chat.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(Service.Address, "cancel"));
        Assert.Contains("  completed, last sequence 6\n", chat.Output, StringComparison.Ordinal);
        Assert.Empty(chat.Error);
    }

    [Fact]
    public async Task Resume_OfATurnThatRuns_FollowsItAndCancelEndsIt()
    {
        using var chat = new ChatProgram();
        using var other = new ChatProgram();
        var running = chat.RunAsync(Service.Address, "--session", "s", "Count");
        var exchange = await Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("One");
        await chat.OutputHasAsync("One");
        var stream = await File.ReadAllTextAsync(
            Path.Combine(chat.StateFolder, "last-streams.json"), TestContext.Current.CancellationToken);
        var resumed = other.RunAsync(Service.Address, "resume", stream.Split('"')[3]);
        await other.OutputHasAsync("One");

        Assert.Equal(ExitCodes.Ok, await other.RunAsync(Service.Address, "cancel", "--session", "s", "--json"));

        await exchange.Aborted.InTime();
        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(ExitCodes.Ok, await resumed);
        Assert.Contains("\"STREAM_STATE_CANCELLED\"", other.Output, StringComparison.Ordinal);
        Assert.Equal("One\n", chat.Output);
    }

    [Fact]
    public async Task Watch_OfASessionWhoseServiceIsKilled_GoesOnWithTheNextTurn()
    {
        using var chat = new ChatProgram();
        using var watcher = new ChatProgram();
        var watching = watcher.RunAsync(Service.Address, "watch", "s");
        var first = chat.RunAsync(Service.Address, "--session", "s", "First");
        await (await Models.NextRequestAsync()).AnswerAsync("One");
        Assert.Equal(ExitCodes.Ok, await first);
        await watcher.OutputHasAsync("One\n\n");
        await RestartAsync();
        var second = chat.RunAsync(Service.Address, "--session", "s", "Second");
        await (await Models.NextRequestAsync()).AnswerAsync("Two");
        Assert.Equal(ExitCodes.Ok, await second);
        await watcher.OutputHasAsync("Two\n\n");

        Assert.True(watcher.Interrupts.Press());
        Assert.Equal(ExitCodes.Interrupted, await watching);
        Assert.Equal((1, 1), (Count(watcher.Output, "First"), Count(watcher.Output, "One")));
        Assert.Contains("Connection lost, trying again…", watcher.Error, StringComparison.Ordinal);
    }

    private async Task RestartAsync()
    {
        await Service.KillAsync();
        Service = await StartAsync(Service.Address.Port);
    }

    private Task<ServiceProcess> StartAsync(int port) => ServiceProcess.StartAsync(
        _data.Path,
        [string.Create(CultureInfo.InvariantCulture, $"urls=http://127.0.0.1:{port}")],
        new Dictionary<string, string> { ["OPENAI_BASE_URL"] = Models.BaseUrl.ToString() });

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static bool IsWithdrawn(ChatProgram chat) =>
        chat.Error.Contains("was not saved", StringComparison.Ordinal)
        || chat.Error.Contains("Nothing of the text above was saved.", StringComparison.Ordinal)
        || chat.Error.Contains("is withdrawn", StringComparison.Ordinal);
}
