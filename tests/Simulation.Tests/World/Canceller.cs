using Chat.V1;
using ChatGrpc.Storage;

namespace Simulation.Tests.World;

/// <summary>Cancels by stream, by request id or by session, perhaps again, until it has an answer.</summary>
internal sealed class Canceller(PlannedCancel plan, SimulatedWorld world)
{
    public async Task RunAsync()
    {
        await world.Clock.PassAsync(plan.Delay);
        for (var i = 0; i < plan.Times; i++)
        {
            while (!await TryAsync())
            {
                await world.Clock.PassAsync(world.Chance.Milliseconds(50, 500));
            }
        }
    }

    private async Task<bool> TryAsync()
    {
        if (Request() is not { } request)
        {
            return true;
        }

        var instance = await world.Deployment.WhenUpAsync();
        var expectation = world.Ledger.Cancelling(request);
        world.Trace.Say($"canceller: cancels {plan.Message.Text} by {request.TargetCase}");
        try
        {
            var answer = await instance.CancelAsync(request);
            if (answer is { IsOpen: true } && world.Ledger.OwnerWasLost)
            {
                world.Trace.Say("canceller: it waits for the next process");
                return false;
            }

            world.Ledger.Cancelled(expectation, answer);
            return true;
        }
        catch (Exception failure) when (failure is StoreException or ConnectionLostException)
        {
            world.Trace.Say($"canceller: {failure.Message}");
            return false;
        }
    }

    private CancelStreamRequest? Request() => plan.Target switch
    {
        CancelStreamRequest.TargetOneofCase.SessionId => new() { SessionId = plan.Message.SessionId },
        CancelStreamRequest.TargetOneofCase.ClientRequestId => new() { ClientRequestId = plan.Message.RequestId },
        _ => world.Ledger.StreamOf(plan.Message) is { Length: > 0 } streamId ? new() { StreamId = streamId } : null,
    };
}
