using System.Text;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;

namespace Integration.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public async Task Restart_AfterAnAnswer_TheConversationIsStillThere()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        await AnswerAsync(deployment, "First question", "First answer");

        Assert.Equal(0, await deployment.Process.StopAsync());
        await deployment.StartAgainAsync();

        var (prompt, _) = await AnswerAsync(deployment, "Second question", "Second answer");
        Assert.Equal(["First question", "First answer", "Second question"], prompt);
    }

    [Fact]
    public async Task Kill_InMidAnswer_TheNextStartEndsItWithWhatWasCommitted()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Question", SessionId = "s" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        // More than a turn may hold uncommitted: so some of what was read is committed, whatever the flusher's pace.
        var shown = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            var text = $"{i} {new string('x', 20_000)} ";
            await exchange.WriteTextAsync(text);
            shown.Append(text);
            _ = await reading.NextAsync();
        }

        await deployment.Process.KillAsync();
        await reading.ToEndAsync();
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        await deployment.StartAgainAsync();

        Assert.Contains("interrupted 1 answers", deployment.Process.Output, StringComparison.Ordinal);
        var ended = await deployment.Client
            .CancelStreamAsync(new CancelStreamRequest { StreamId = reading.Session.StreamId }).ResponseAsync.InTime();
        Assert.Equal(StreamState.Interrupted, ended.State);
        var (prompt, next) = await AnswerAsync(deployment, "Go on", "I do");
        Assert.Equal("PREVIOUS_TURN_INTERRUPTED", next.Events[1].Warning?.Code);
        Assert.Equal(3, prompt.Count);
        Assert.StartsWith(prompt[1], shown.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(prompt[1]);
    }

    [Fact]
    public async Task Kill_WhileNothingCanBeSaved_AStrictAnswerHasShownNothingOfIt()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var strict = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "One", Durability = Durability.Strict });
        var hidden = await deployment.StandIn.NextRequestAsync();
        using var other = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Another" });
        var shown = await deployment.StandIn.NextRequestAsync();
        _ = await strict.NextAsync();
        var strictToEnd = strict.ToEndAsync();
        await using (await HeldDatabase.HoldAsync(Path.Combine(deployment.DataFolder, "chat.db")))
        {
            foreach (var exchange in (ProviderExchange[])[hidden, shown])
            {
                await exchange.StartStreamAsync();
                await exchange.WriteTextAsync("Not saved");
            }

            await other.UntilTokenAsync();
            await deployment.Process.KillAsync();
            await strictToEnd;
        }

        Assert.DoesNotContain(strict.Events, each => each.Token is not null);
        await deployment.StartAgainAsync();
        using var again = Reading.Start(
            deployment.Client,
            new StreamChatRequest { Resume = new Resume { StreamId = strict.Session.StreamId, Epoch = 1 } });
        await again.ToEndAsync();
        Assert.Equal((2, StreamState.Interrupted), (again.Session.Epoch, again.End.State));
        Assert.DoesNotContain(again.Events, each => each.Token is not null);
    }

    [Fact]
    public async Task Terminate_AnswerThatDoesNotEnd_IsInterruptedAndSaved()
    {
        await using var deployment = await Deployment.StartWithStandInAsync("Chat:Turns:DrainGrace=00:00:00.1");
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Question", SessionId = "s" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So far");
        await reading.UntilTokenAsync();

        var stopped = deployment.Process.StopAsync();
        await reading.ToEndAsync();

        Assert.Equal(0, await stopped);
        await exchange.Aborted.InTime();
        reading.CheckContract();
        Assert.Equal("SessionInfo Token Warning Error ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(StreamState.Interrupted, reading.End.State);
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        await deployment.StartAgainAsync();
        Assert.DoesNotContain("interrupted", deployment.Process.Output, StringComparison.Ordinal);
        var (prompt, next) = await AnswerAsync(deployment, "Go on", "I do");
        Assert.Equal(["Question", "So far", "Go on"], prompt);
        Assert.Equal("PREVIOUS_TURN_INTERRUPTED", next.Events[1].Warning?.Code);
    }

    // One exchange in the session s; what the model was asked, and the stream.
    private static async Task<(List<string> Prompt, Reading Reading)> AnswerAsync(
        Deployment deployment, string question, string answer)
    {
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = question, SessionId = "s" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.AnswerAsync(answer);
        await reading.ToEndAsync();
        reading.CheckContract();
        var prompt = exchange.Body.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("content").GetString()!);
        return ([.. prompt], reading);
    }
}
