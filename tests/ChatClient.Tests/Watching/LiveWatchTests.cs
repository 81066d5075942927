using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests.Watching;

/// <summary>Two programs and the real service between them.</summary>
public sealed class LiveWatchTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Watch_WhileAnotherAsks_SeesEachTokenBeforeTheNextExists()
    {
        using var watcher = new ChatProgram();
        using var chat = new ChatProgram();
        var first = chat.RunAsync(service.Address, "--session", "live", "First");
        await (await service.Models.NextRequestAsync()).AnswerAsync("Zero");
        Assert.Equal(ExitCodes.Ok, await first);
        var watching = watcher.RunAsync(service.Address, "watch", "live");
        await watcher.ErrorHasAsync("“First”\n");
        var asked = chat.RunAsync(service.Address, "--session", "live", "Count");
        var exchange = await service.Models.NextRequestAsync();
        await watcher.OutputHasAsync("Count\n\n# ");
        await exchange.StartStreamAsync();
        for (var i = 0; i < 5; i++)
        {
            await exchange.WriteTextAsync($"<{i}>");
            await watcher.OutputHasAsync($"<{i}>");
        }

        await exchange.FinishAsync();
        Assert.Equal(ExitCodes.Ok, await asked);
        await watcher.OutputHasAsync("still answering\n<0><1><2><3><4>\n\n");

        Assert.True(watcher.Interrupts.Press());
        Assert.Equal(ExitCodes.Interrupted, await watching);
        Assert.Equal("Watching live. Ctrl+C leaves.\n“First”\n", watcher.Error);
    }

    [Fact]
    public async Task ControlC_OfAWatcher_StopsNothing()
    {
        using var watcher = new ChatProgram();
        using var chat = new ChatProgram();
        var asked = chat.RunAsync(service.Address, "--session", "left", "Count");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("One ");
        var watching = watcher.RunAsync(service.Address, "watch", "left");
        await watcher.OutputHasAsync("One ");

        Assert.True(watcher.Interrupts.Press());
        Assert.Equal(ExitCodes.Interrupted, await watching);

        await exchange.WriteTextAsync("two");
        await exchange.FinishAsync();
        Assert.Equal(ExitCodes.Ok, await asked);
        Assert.Equal("One two\n", chat.Output);
    }
}
