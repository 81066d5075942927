using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

public sealed class InterruptsTests
{
    [Fact]
    public void Press_WithNothingUnderWay_EndsTheProgram() => Assert.False(new Interrupts().Press());

    [Fact]
    public async Task Press_TwiceDuringWork_StopsItAndThenEndsTheProgram()
    {
        var interrupts = new Interrupts();
        interrupts.Prompt(() => Assert.Fail("There is work, and no prompt."));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = interrupts.DuringAsync(
            async token =>
            {
                await using var press = token.Register(() => stopped.TrySetResult());
                await stopped.Task;
                Assert.False(interrupts.Press());
                return true;
            },
            TestContext.Current.CancellationToken);

        Assert.True(interrupts.Press());
        Assert.True(await work.InTime());
    }
}
