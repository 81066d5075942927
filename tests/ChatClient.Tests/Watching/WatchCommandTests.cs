using Chat.V1;
using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using StatusCode = Grpc.Core.StatusCode;

namespace ChatClient.Tests.Watching;

public sealed class WatchCommandTests
{
    private const string Heading = "2030-01-01 12:00";

    private static RpcException Stopping => TurnLog.Failure(Code.Unavailable, "SERVICE_STOPPING");

    [Fact]
    public async Task Watch_ATurn_ShowsWhoWritesWhatAsItComes()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        var watching = chat.RunAsync(session.Address, "watch", "s");

        session.Says("1", "alice", StreamState.Completed, "Hello").Says("2", "demo", StreamState.Running);
        await chat.OutputHasAsync($"# alice, {Heading}\nHello\n\n# demo, {Heading}, still answering\n");
        session.Begins("2").Event("2", 1, "Good ");
        await chat.OutputHasAsync("Good ");
        session.Event("2", 2, "day.").Says("2", "demo", StreamState.Completed, "Good day.");
        await chat.OutputHasAsync("Good day.\n\n");

        Assert.Equal(ExitCodes.Interrupted, await LeaveAsync(chat, watching));
        Assert.Equal(
            $"# alice, {Heading}\nHello\n\n# demo, {Heading}, still answering\nGood day.\n\n", chat.Output);
        Assert.Equal("Watching s. Ctrl+C leaves.\n", chat.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Watch_CutInAnAnswer_GoesOnWithTheCursorAndShowsNothingTwice(int again)
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        session.Says("2", "demo", StreamState.Running).Begins("2").Event("2", 1, "one ").Event("2", 2, "two ")
            .Cut(Stopping).Says("2", "demo", StreamState.Running).Begins("2", after: again);
        for (var sequence = again + 1; sequence <= 3; sequence++)
        {
            session.Event("2", sequence, sequence switch { 1 => "one ", 2 => "two ", _ => "three" });
        }

        session.Says("2", "demo", StreamState.Completed, "one two three").Says("3", "bob", StreamState.Completed, "?");
        var watching = chat.RunAsync(session.Address, "watch", "s");
        await chat.OutputHasAsync("# bob");

        await LeaveAsync(chat, watching);
        Assert.StartsWith(
            $"# demo, {Heading}, still answering\none two three\n\n# bob", chat.Output, StringComparison.Ordinal);
        Assert.Equal(["", "4"], session.Cursors);
        Assert.Contains("Connection lost, trying again…", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_EndMissedWhileAway_ShowsTheRestOfTheAnswerOnce()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        session.Says("2", "demo", StreamState.Running).Begins("2").Event("2", 1, "one ").Cut(Stopping)
            .Says("2", "demo", StreamState.Cancelled, "one two").Says("4", "demo", StreamState.Completed, "whole");
        var watching = chat.RunAsync(session.Address, "watch", "s");
        await chat.OutputHasAsync("whole\n\n");

        await LeaveAsync(chat, watching);
        Assert.Equal(
            $"# demo, {Heading}, still answering\none two\n\n# demo, {Heading}\nwhole\n\n", chat.Output);
        Assert.Contains("Stopped; what there is", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_MessageQueuedInMidAnswer_StandsBetweenAndTheAnswerGoesOn()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        session.Says("2", "demo", StreamState.Running).Begins("2").Event("2", 1, "one ")
            .Says("3", "bob", StreamState.Completed, "And?").Says("4", "demo", StreamState.Queued)
            .Event("2", 2, "two").Says("2", "demo", StreamState.Completed, "one two")
            .Says("4", "demo", StreamState.Running).Begins("4").Event("4", 1, "three");
        var watching = chat.RunAsync(session.Address, "watch", "s");
        await chat.OutputHasAsync("three");

        await LeaveAsync(chat, watching);
        Assert.Equal(
            $"""
            # demo, {Heading}, still answering
            one 

            # bob, {Heading}
            And?

            # demo, {Heading}, still answering (goes on)
            two

            # demo, {Heading}, still answering
            three


            """.ReplaceLineEndings("\n"),
            chat.Output);
    }

    [Fact]
    public async Task Watch_TitleThatChanges_IsToldWhenItDoes()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        foreach (var title in new[] { "Tea", "Tea", "Coffee" })
        {
            session.Send(new() { Session = new Session { Title = title } });
        }

        var watching = chat.RunAsync(session.Address, "watch", "s");
        await chat.ErrorHasAsync("“Coffee”");

        await LeaveAsync(chat, watching);
        Assert.EndsWith("leaves.\n“Tea”\n“Coffee”\n", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Json_PrintsEachResponseAsALine()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        session.Says("1", "alice", StreamState.Completed, "Hello").Send(new() { Deleted = new SessionDeleted() });
        var watching = chat.RunAsync(session.Address, "watch", "s", "--json");
        await chat.OutputHasAsync("deleted");

        await LeaveAsync(chat, watching);
        var told = chat.Output.TrimEnd().Split('\n').Select(JsonParser.Default.Parse<WatchSessionResponse>).ToList();
        Assert.Equal(["1", "2"], told.Select(response => response.Cursor));
    }

    [Fact]
    public async Task Watch_Refused_EndsWithTheStatus()
    {
        await using var session = await ScriptedWatch.StartAsync();
        using var chat = Program();
        session.Cut(TurnLog.Failure(Code.InvalidArgument, "INVALID_REQUEST"));

        Assert.Equal((int)StatusCode.InvalidArgument, await chat.RunAsync(session.Address, "watch", "s"));
        Assert.Contains("(INVALID_REQUEST)", chat.Error, StringComparison.Ordinal);
    }

    private static ChatProgram Program() => new() { Time = new HastyTimeProvider() };

    private static async Task<int> LeaveAsync(ChatProgram chat, Task<int> watching)
    {
        Assert.True(chat.Interrupts.Press());
        return await watching.InTime();
    }
}
