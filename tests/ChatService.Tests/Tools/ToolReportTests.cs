using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;

namespace ChatGrpc.Tests.Tools;

public sealed class ToolReportTests
{
    private readonly RoundScene _scene = new();

    [Fact]
    public async Task Report_AfterTheResult_IsNotTold()
    {
        ToolReport? report = null;
        var goOn = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var talks = new Function("talks", (arguments, _) =>
        {
            report = ToolReport.Of(arguments);
            return new("done");
        });
        var waits = new Function("waits", async (_, _) => await goOn.Task);

        // The second call keeps the round open, so that there is somebody to hear.
        await using var events = _scene.Run(
            [RoundScene.Call(talks), RoundScene.Call(waits, id: "call-2")]).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().InTime());
        Assert.Equal("call-1", events.Current.ToolResult.Id);
        report!.Progress(0.5, "late");
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await report.DocumentAsync(new Document { Title = "Late" }, CancellationToken.None));
        goOn.SetResult("done");

        Assert.True(await events.MoveNextAsync().InTime());
        Assert.Equal("call-2", events.Current.ToolResult.Id);
        Assert.False(await events.MoveNextAsync().InTime());
    }
}
