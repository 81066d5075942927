using ChatGrpc.TestKit;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Tools.Mcp;

public sealed class ProgramServerTests
{
    [Fact]
    public async Task Call_Text_IsAnswered()
    {
        await using var scene = ServerScene.Ours();

        var result = await scene.ResultAsync("ours_echo", """{"text":"Grüezi 😀"}""");

        Assert.Equal(("Grüezi 😀", false), (result.Text, result.IsError));
    }

    [Fact]
    public async Task Call_ToolWithProgress_TellsIt()
    {
        await using var scene = ServerScene.Ours();

        await using var events = (await scene.RunAsync("ours_progress")).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync().InTime());
        var told = events.Current.ToolProgress;
        _ = await scene.ResultAsync("ours_echo");
        Assert.True(await events.MoveNextAsync().InTime());

        Assert.Equal((0.5, "one"), (told.Fraction, told.Note));
        Assert.Equal("done", events.Current.ToolResult.Text);
    }

    [Theory]
    [InlineData("fail", "No such city.")]
    [InlineData("refuse", "The server ours refused the call")]
    [InlineData("huge", "The result has 10000000 bytes, and at most 65536 can be taken: ask for less.")]
    public async Task Call_ToolThatFails_IsAnErrorInItsWords(string tool, string words)
    {
        await using var scene = ServerScene.Ours();

        var result = await scene.ResultAsync($"ours_{tool}");

        Assert.True(result.IsError);
        Assert.StartsWith(words, result.Text, StringComparison.Ordinal);
        Assert.False((await scene.ResultAsync("ours_echo")).IsError);
    }

    [Fact]
    public async Task Call_StructuredContent_IsJson()
    {
        await using var scene = ServerScene.Ours();

        Assert.Equal("""{"degrees":21.50}""", (await scene.ResultAsync("ours_structured")).Json);
    }

    [Fact]
    public async Task Call_PictureAndLink_AreToldInWords()
    {
        await using var scene = ServerScene.Ours();

        Assert.Equal(
            "Here:\n[a picture, image/png, 3 bytes]\n[a link to report, file:///report.txt]",
            (await scene.ResultAsync("ours_picture")).Text);
    }

    [Fact]
    public async Task Call_ServerWritesWhatIsNoJson_GoesOn()
    {
        await using var scene = ServerScene.Ours();

        Assert.Equal("after bad JSON", (await scene.ResultAsync("ours_bad_json")).Text);
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("endless")]
    public async Task Call_ServerThatGoesAway_IsAnErrorAndTheNextStartsItAgain(string tool)
    {
        await using var scene = ServerScene.Ours();
        var first = await scene.ResultAsync("ours_process_id");

        var result = await scene.ResultAsync($"ours_{tool}");

        Assert.True(result.IsError);
        Assert.StartsWith("The server ours went away", result.Text, StringComparison.Ordinal);
        var second = await scene.ResultAsync("ours_process_id");
        Assert.False(second.IsError);
        Assert.NotEqual(first.Text, second.Text);
    }

    [Fact]
    public async Task Call_Cancelled_IsCancelledAtTheServer()
    {
        await using var scene = ServerScene.Ours();
        using var cancel = new CancellationTokenSource();

        await using var events = (await scene.RunAsync("ours_hang", token: cancel.Token)).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().InTime());
        Assert.Equal("hanging", events.Current.ToolProgress.Note);
        var next = events.MoveNextAsync().AsTask();
        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        Assert.Equal("1", await StoppedAsync(scene));
    }

    [Fact]
    public async Task Call_BeyondItsDeadline_IsCancelledAtTheServer()
    {
        await using var scene = ServerScene.Ours();

        await using var events = (await scene.RunAsync("ours_hang")).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().InTime());
        scene.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(await events.MoveNextAsync().InTime());
        Assert.Equal("The tool did not answer within 30 s.", events.Current.ToolResult.Text);
        Assert.Equal("1", await StoppedAsync(scene));
    }

    [Fact]
    public async Task Start_Environment_HasNothingOfTheService()
    {
        Environment.SetEnvironmentVariable("CHATGRPC_TEST_SECRET", "swordfish");
        await using var scene = new ServerScene(servers =>
        {
            servers["ours"] = ServerScene.OursWith();
            servers["ours"].Environment["GREETING"] = "hello";
        });

        var names = (await scene.ResultAsync("ours_environment")).Text.Split(' ');

        Assert.Contains("PATH", names);
        Assert.Contains("GREETING", names);
        Assert.DoesNotContain("CHATGRPC_TEST_SECRET", names);
    }

    [Fact]
    public async Task Start_ManyAtOnce_IsOne()
    {
        await using var scene = ServerScene.Ours();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.ResultAsync("ours_process_id")));

        _ = Assert.Single(results.Select(result => result.Text).Distinct());
    }

    [Fact]
    public async Task Errors_OfTheProgram_AreToldAtDebugAndCut()
    {
        var scene = ServerScene.Ours();

        // When the scene is over, all that the program wrote was read.
        _ = await scene.ResultAsync("ours_complain");
        await scene.DisposeAsync();

        var said = Assert.Single(
            scene.Log.Entries, entry => entry.Text.Contains("complaint", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, said.Level);
        Assert.InRange(said.Text.Length, 1_000, 1_100);
    }

    // The news of the cancel travels while the test asks: asked again until it has come.
    private static async Task<string> StoppedAsync(ServerScene scene)
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            if ((await scene.ResultAsync("ours_stopped_calls")).Text is not "0" and var stopped)
            {
                return stopped;
            }
        }

        return "never";
    }
}
