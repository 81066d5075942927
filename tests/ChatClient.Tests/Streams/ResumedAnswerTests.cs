using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Rpc;
using Grpc.Core;

namespace ChatClient.Tests.Streams;

/// <summary>What a person, and what a script, sees of a connection that breaks.</summary>
public sealed class ResumedAnswerTests : IDisposable
{
    private static readonly string[] Tokens = ["one ", "two ", "three"];

    private readonly Keyboard _keyboard = new();

    public void Dispose() => _keyboard.Dispose();

    private static RpcException Stopping => TurnLog.Failure(Code.Unavailable, "SERVICE_STOPPING");

    [Theory]
    [InlineData(true, "one two three\n", "\nConnection lost, trying again…\n")]
    [InlineData(false, "one two three\n", "Connection lost, trying again…\n")]
    public async Task Answer_CutInTheMiddle_IsShownOnceWithALineBesideIt(bool terminal, string output, string error)
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(3, Stopping).CutAfter(1, Stopping);
        using var chat = Program(terminal);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal(output, chat.Output);
        Assert.Equal(error, chat.Error);
    }

    [Fact]
    public async Task Send_ServiceNotThereYet_SaysHowToStartOneAndIsAnswered()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(0, Stopping).CutAfter(0).CutAfter(0, Stopping);
        using var chat = Program(terminal: false);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two three\n", chat.Output);
        Assert.Contains("Start one with", Assert.Single(chat.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal((4, 1), (service.Requests.Count, service.Generations));
        Assert.Equal(7, Guid.Parse(service.Requests[0].ClientRequestId).Version);
    }

    [Fact]
    public async Task Answer_SameWordsOfANewOwner_IsShownOnce()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(4, Stopping, log => log.ChangeOwner(fence: 1, "two th", "ree four"));
        using var chat = Program(terminal: false);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two three four\n", chat.Output);
    }

    [Fact]
    public async Task Answer_OtherWordsOfANewOwnerIntoAPipe_EndsWithACodeOfItsOwn()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(4, Stopping, log => log.ChangeOwner(fence: 1, "zwei"));
        using var chat = Program(terminal: false);

        Assert.Equal(ExitCodes.Withdrawn, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two three\nzwei\n", chat.Output);
        Assert.Contains("Text that was printed is withdrawn", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OtherWordsOfANewOwnerOnATerminal_IsShownAgain()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(4, Stopping, log => log.ChangeOwner(fence: 1, "zwei"));
        using var chat = Program(terminal: true);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two threeone zwei\n", chat.Output);
        Assert.Contains("As it is now:\n", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ShorterAfterANewOwner_SaysWhereItEnds()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(4, Stopping, log => log.ChangeOwner(fence: 1, "two"));
        using var chat = Program(terminal: false);

        Assert.Equal(ExitCodes.Withdrawn, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two three\n", chat.Output);
        Assert.Contains("the answer ends with “one two”", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_InterruptedWithNobodyThere_NamesTheCommandThatContinuesIt()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(3, Stopping, log => log.Interrupt(fence: 2));
        using var chat = Program(terminal: false);

        Assert.Equal((int)StatusCode.Unavailable, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two \n", chat.Output);
        Assert.Contains("(TURN_INTERRUPTED)", chat.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"To have it continued: chat resume --continue {ScriptedService.StreamId}\n", chat.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("y")]
    public async Task Answer_InterruptedAndContinued_GoesOnWhereItStopped(string reply)
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(3, Stopping, log => log.Interrupt(fence: 2)).CutAfter(int.MaxValue)
            .CutAfter(int.MaxValue, then: log => log.ChangeOwner(fence: 0, "one two ", "and three"));
        using var chat = Program(terminal: true);
        _keyboard.Type(reply);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal("one two and three\n", chat.Output);
        Assert.Contains("The answer was interrupted. Continue it? [Y/n] ", chat.Error, StringComparison.Ordinal);
        var last = service.Requests[^1];
        Assert.Equal((ScriptedService.StreamId, ""), (last.ContinueFrom, last.Message));
        Assert.NotEqual(service.Requests[0].ClientRequestId, last.ClientRequestId);
    }

    [Fact]
    public async Task Answer_InterruptedAndLeft_IsNotGeneratedAgain()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(3, Stopping, log => log.Interrupt(fence: 2));
        using var chat = Program(terminal: true);
        _keyboard.Type("n");

        Assert.Equal((int)StatusCode.Unavailable, await chat.RunAsync(service.Address, "Count"));
        Assert.Equal(1, service.Generations);
    }

    [Fact]
    public async Task ControlC_WhileTheServiceIsAway_EndsWithWhatToDo()
    {
        var time = new ManualTimeProvider();
        var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(2, Stopping);
        using var chat = new ChatProgram { Time = time };
        var running = chat.RunAsync(service.Address, "Count");
        await chat.ErrorHasAsync("Connection lost");
        await service.DisposeAsync();

        Assert.True(chat.Interrupts.Press());
        while (!running.IsCompleted)
        {
            _ = time.AdvanceToNextTimer();
            await Task.Yield();
        }

        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Contains("The service did not confirm that it stopped.", chat.Error, StringComparison.Ordinal);
        Assert.Contains($"chat cancel {ScriptedService.StreamId}", chat.Error, StringComparison.Ordinal);
    }

    private ChatProgram Program(bool terminal) => new()
    {
        IsTerminal = terminal,
        ErrorIsTerminal = terminal,
        Keyboard = terminal ? _keyboard : null,
        Time = new HastyTimeProvider(),
    };
}
