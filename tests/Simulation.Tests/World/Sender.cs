using Chat.V1;
using ChatGrpc.Model;
using Simulation.Tests.Model;
using Simulation.Tests.Tools;

namespace Simulation.Tests.World;

/// <summary>Sends one message, again where that is safe, and has the answer read by those who want it.</summary>
internal sealed class Sender(PlannedMessage message, SimulatedWorld world)
{
    // Who finds the session busy, or the service away, tries again so often.
    private const int Tries = 6;

    public async Task RunAsync()
    {
        List<Task> all = [SendAndCarryOnAsync()];
        for (var i = 1; i <= message.Repeats; i++)
        {
            all.Add(SendAsync($"{message.Text}'{i}"));
        }

        if (message.SendsOther)
        {
            all.Add(SendOtherAsync());
        }

        var sent = Task.WhenAll([.. all]);
        for (var i = 1; i <= message.Watchers; i++)
        {
            all.Add(WatchAsync($"{message.Text}-watcher{i}", sent));
        }

        await Task.WhenAll(all);
    }

    private async Task SendAndCarryOnAsync()
    {
        await SendAsync(message.Text);
        if (message.CarriesOn && world.Ledger.Unfinished(message) is { } cut)
        {
            await world.Clock.PassAsync(world.Chance.Milliseconds(0, 500));
            var request = new StreamChatRequest
            {
                ContinueFrom = cut,
                OnBusy = OnBusy.Queue,
                Seed = PlannedMessage.SeedOfMore,
                Tools = Tools(),
            };
            await SendAsync($"{message.Text}+", request, isSafe: false);
        }
    }

    private async Task SendAsync(string name)
    {
        await world.Clock.PassAsync(message.Delay + world.Chance.Milliseconds(0, 50));
        await SendAsync(name, Request(message.Text), isSafe: message.RequestId.Length > 0);
    }

    private async Task SendAsync(string name, StreamChatRequest request, bool isSafe)
    {
        for (var left = Tries; left > 0; left--)
        {
            var follower = world.NewFollower(name, message);
            var failure = await follower.SendAsync(request);
            world.Ledger.Sent(message, failure, isOther: false);
            if (failure is null || !MayRepeat(failure, isSafe))
            {
                return;
            }

            await world.Clock.PassAsync(world.Chance.Milliseconds(50, 1_000));
        }
    }

    // The first message under the id wins, whichever that is.
    private async Task SendOtherAsync()
    {
        await world.Clock.PassAsync(message.Delay + world.Chance.Milliseconds(0, 500));
        var request = Request(message.Text);
        request.Temperature = 0.5;
        var follower = world.NewFollower($"{message.Text}-other", message);
        var failure = await follower.SendAsync(request);
        world.Ledger.Sent(message, failure, isOther: true);
    }

    private async Task WatchAsync(string name, Task sent)
    {
        while (world.Ledger.StreamOf(message) is "")
        {
            if (sent.IsCompleted)
            {
                return;
            }

            await world.Clock.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        await world.Clock.PassAsync(world.Chance.Milliseconds(0, 1_000));
        await world.NewFollower(name, message).WatchAsync(world.Ledger.StreamOf(message));
    }

    // Without a request id, whoever lost the connection cannot know whether the message was taken.
    private static bool MayRepeat(Failure failure, bool isSafe) => failure.Reason switch
    {
        "CONNECTION_LOST" or "STORE_UNAVAILABLE" => isSafe,
        _ => failure.Retryable,
    };

    private StreamChatRequest Request(string text) => new()
    {
        Message = text,
        SessionId = message.SessionId,
        ClientRequestId = message.RequestId,
        OnBusy = message.OnBusy,
        OnDisconnect = message.OnDisconnect,
        Coalescing = message.Coalescing,
        Durability = message.Durability,
        Model = message.Chain.Alias,
        Seed = PlannedMessage.SeedOfFirst,
        Tools = Tools(),
    };

    private ToolSelection? Tools() => message.Script.HasTools
        ? new ToolSelection
        {
            Names = { ToolBehaviour.There },
            ClientTools = { new ClientTool { Name = ScriptedCall.ClientTool } },
        }
        : null;
}
