using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests;

/// <summary>A conversation at a real terminal: its line editing, its echo, its signals.</summary>
public sealed class TerminalTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const int KilledByControlC = 130;

    [Fact]
    public async Task ControlC_InAnAnswer_EndsTheTurnAndThePromptReturnsUntilControlD()
    {
        await using var screen = Start("--model", "demo");
        await screen.ShowsAsync(">>> ");
        screen.Type("//demo tokens=100000 rate=50\n");
        await screen.ShowsAsync("alpha");
        screen.Type(Screen.ControlC);

        // This is said of a stream_end whose state is CANCELLED, and of no other.
        await screen.ShowsAsync("Stopped; what there is of the answer is saved.");
        await screen.ShowsAsync(">>> ");
        screen.Type("//demo tokens=2 rate=max\n");
        await screen.ShowsAsync("alpha bravo");
        await screen.ShowsAsync(">>> ");
        screen.Type(Screen.ControlD);

        Assert.Equal(ExitCodes.Ok, await screen.ExitCodeAsync());
    }

    [Fact]
    public async Task ControlC_InALine_TakesBackWhatWasTyped()
    {
        await using var screen = Start();
        await screen.ShowsAsync(">>> ");
        screen.Type("never send this ");
        await screen.ShowsAsync("never send this ");
        screen.Type(Screen.ControlC);
        await screen.ShowsAsync("Ctrl+D or another Ctrl+C leaves.");
        await screen.ShowsAsync(">>> ");
        screen.Type("Hello\n");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("Hi");
        await screen.ShowsAsync("Hi");
        await screen.ShowsAsync(">>> ");
        screen.Type(Screen.ControlD);

        Assert.Equal(ExitCodes.Ok, await screen.ExitCodeAsync());
        Assert.Equal("Hello", Prompt(exchange));
    }

    [Fact]
    public async Task ControlC_InABlock_TakesBackTheWholeBlock()
    {
        await using var screen = Start();
        await screen.ShowsAsync(">>> ");
        screen.Type("\"\"\"\nnever send this\n");
        await screen.ShowsAsync("... ");
        await screen.ShowsAsync("... ");
        screen.Type(Screen.ControlC);
        await screen.ShowsAsync(">>> ");
        screen.Type("Hello\n");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("Hi");

        Assert.Equal("Hello", Prompt(exchange));
    }

    [Fact]
    public async Task ControlC_TwiceAtThePrompt_Leaves()
    {
        await using var screen = Start();
        await screen.ShowsAsync(">>> ");
        screen.Type(Screen.ControlC);
        await screen.ShowsAsync("Ctrl+D or another Ctrl+C leaves.");
        await screen.ShowsAsync(">>> ");
        screen.Type(Screen.ControlC);

        Assert.Equal(KilledByControlC, await screen.ExitCodeAsync());
    }

    [Fact]
    public async Task Text_InAnotherLocale_IsUtf8BothWays()
    {
        await using var screen = Screen.Start(service.Address, ["LC_ALL=de_DE.ISO-8859-1"]);
        await screen.ShowsAsync(">>> ");
        screen.Type("Grüße, 日本 😀\n");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("Schöne ", "Grüße 😀");
        await screen.ShowsAsync("Schöne Grüße 😀");

        Assert.Equal("Grüße, 日本 😀", Prompt(exchange));
    }

    [Fact]
    public async Task Line_ThatTheTerminalCuts_IsToldAndNotSent()
    {
        await using var screen = Start();
        await screen.ShowsAsync(">>> ");
        screen.Type(new string('x', 5_000) + "\n");
        await screen.ShowsAsync("Not sent: the terminal cuts a line after 4,095 bytes.");
        await screen.ShowsAsync(">>> ");
        screen.Type("Hello\n");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("Hi");

        Assert.Equal("Hello", Prompt(exchange));
    }

    [Fact]
    public async Task Markdown_BetweenTwoDeltas_LeavesNoStyleOn()
    {
        await using var screen = Screen.Start(service.Address, ["NO_COLOR=", "TERM=xterm"]);
        await screen.ShowsAsync(">>> ");
        screen.Type("Bold\n");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("**bo");
        await screen.ShowsAsync("\e[0;2m**\e[0;1mbo\e[0m");
        await exchange.WriteTextAsync("ld** text");
        await screen.ShowsAsync("\e[0;1mld\e[0;2m**\e[0m text");
        await exchange.FinishAsync();
        await screen.ShowsAsync(">>> ");
    }

    private Screen Start(params string[] arguments) => Screen.Start(service.Address, [], arguments);

    private static string? Prompt(ProviderExchange exchange) =>
        exchange.Body.GetProperty("messages").EnumerateArray().Single().GetProperty("content").GetString();
}
