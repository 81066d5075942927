using Chat.V1;
using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using Google.Rpc;

namespace ChatClient.Tests;

public sealed class SendOptionsTests
{
    [Fact]
    public async Task Send_WithOptionsOfTheStream_SaysThemInTheRequestAndWhatCountsInTheResume()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed("one"));
        service.CutAfter(2, TurnLog.Failure(Code.Unavailable, "SERVICE_STOPPING"));
        using var chat = new ChatProgram { Time = new HastyTimeProvider() };

        var exit = await chat.RunAsync(
            service.Address, "--on-busy", "queue", "--on-disconnect", "cancel", "--strict", "--coalesce",
            "--pace", "12.5", "Hi");

        Assert.Equal(ExitCodes.Ok, exit);
        var (sent, resumed) = (service.Requests[0], service.Requests[1]);
        Assert.Equal((OnBusy.Queue, OnDisconnect.Cancel), (sent.OnBusy, sent.OnDisconnect));
        Assert.Equal(Durability.Strict, sent.Durability);
        Assert.Equal(new Coalescing(), sent.Coalescing);
        Assert.Equal((PacingStrategy.Fixed, 12.5), (sent.Pacing.Strategy, sent.Pacing.CharactersPerSecond));
        Assert.Equal((OnDisconnect.Cancel, sent.Pacing), (resumed.OnDisconnect, resumed.Pacing));
        Assert.Equal("", resumed.Message);
    }

    [Theory]
    [InlineData("--on-busy", "wait")]
    [InlineData("--on-disconnect", "stop")]
    [InlineData("--pace", "0")]
    [InlineData("--pace", "fast")]
    [InlineData("--give-up", "-1")]
    public void Parse_ValueThatIsNone_IsAnError(string option, string value)
    {
        using var chat = new ChatProgram();

        Assert.Single(chat.Parse(option, value, "Hello").Errors);
    }

    [Fact]
    public void Parse_PaceThatAdapts_IsTaken()
    {
        using var chat = new ChatProgram();

        Assert.Empty(chat.Parse("--pace", "adaptive", "Hello").Errors);
    }
}
