using ChatGrpc.TestKit;
using ChatGrpc.Tools;

namespace ChatGrpc.Tests.Tools;

public sealed class ToolRoundStopTests
{
    private readonly RoundScene _scene = new();

    [Fact]
    public async Task RunAsync_ToolBeyondItsDeadline_IsAnErrorEvenIfItDoesNotHeedIt()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<object?>();
        var tool = new Function("tool", (_, _) =>
        {
            started.SetResult();
            return new(never.Task);
        });

        var events = _scene.EventsAsync(RoundScene.Call(tool));
        await started.Task.InTime();
        _scene.Time.Advance(RoundScene.Deadline);

        var result = Assert.Single(await events.InTime()).ToolResult;
        Assert.Equal(("The tool did not answer within 30 s.", true, 30_000), (
            result.Text, result.IsError, result.DurationMs));
    }

    [Fact]
    public async Task RunAsync_Cancelled_ReachesEveryToolAndEndsAtOnce()
    {
        var started = new CountdownEvent(2);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<object?>();
        var heeds = new Function("heeds", async (arguments, token) =>
        {
            _ = token.Register(heard.SetResult);
            _ = started.Signal();
            return await never.Task.WaitAsync(token);
        });
        var deaf = new Function("deaf", (_, _) =>
        {
            _ = started.Signal();
            return new(never.Task);
        });
        using var cancel = new CancellationTokenSource();

        await using var events = _scene.Run(
            [RoundScene.Call(heeds), RoundScene.Call(deaf, id: "call-2")], cancel.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await Task.Run(() => started.Wait(WaitLimit.Default));
        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        await heard.Task.InTime();
    }

    [Fact]
    public async Task RunAsync_ReaderLeaves_StopsTheTools()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = new Function("waits", async (arguments, token) =>
        {
            _ = token.Register(heard.SetResult);
            ToolReport.Of(arguments)!.Progress(null, "begun");
            return await new TaskCompletionSource<object?>().Task.WaitAsync(token);
        });

        await foreach (var _ in _scene.Run([RoundScene.Call(waits)]))
        {
            break;
        }

        await heard.Task.InTime();
    }
}
