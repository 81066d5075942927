using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.World;

/// <summary>
/// A client that reads one stream to its end, whatever comes between: it drops connections, is slow, comes back after
/// crashes, and resumes where it was.
/// </summary>
internal sealed class Follower(string name, PlannedMessage message, SimulatedWorld world)
{
    private readonly ReaderView _view = new(name, world.Ledger);

    public ReaderView View => _view;

    /// <summary>The process that it has a call of; empty: none.</summary>
    public string Calls { get; private set; } = "";

    /// <summary>Sends the message, and reads the answer to its end.</summary>
    /// <returns>Why there is none, or null.</returns>
    public async Task<Failure?> SendAsync(StreamChatRequest request)
    {
        var failure = await CallAsync(request);
        return _view.StreamId.Length > 0 ? await FollowAsync() : failure;
    }

    /// <summary>Reads a stream from its beginning to its end.</summary>
    public Task<Failure?> WatchAsync(string streamId)
    {
        _view.StreamId = streamId;
        return FollowAsync();
    }

    // Null: it has read stream_end. Else why it will never do that.
    private async Task<Failure?> FollowAsync()
    {
        while (!_view.HasEnded)
        {
            await world.Clock.PassAsync(world.Chance.Milliseconds(0, 200));
            var failure = await CallAsync(new StreamChatRequest { Resume = _view.Place(), Pacing = Pace() });
            if (!_view.HasEnded && failure is { Retryable: false })
            {
                world.Ledger.Violate($"{name} may not read on: {failure.Reason}");
                return failure;
            }
        }

        return null;
    }

    private async Task<Failure?> CallAsync(StreamChatRequest request)
    {
        var instance = await world.Deployment.WhenUpAsync();
        var connection = new Connection(TakeTimeAsync, Receive);
        Calls = instance.Name;
        _view.Connect(request.Resume);
        try
        {
            var failure = await instance.StreamAsync(request, connection);
            connection.Dispose();
            world.Trace.Say($"{name}: {(failure is null ? "call ended" : $"{failure.Reason} ({failure.Message})")}");
            return failure;
        }
        catch (StoreException)
        {
            if (request is { Resume: null, ClientRequestId: "" })
            {
                world.Ledger.NotSaved(Story.KeyOf(message, request.ContinueFrom.Length > 0));
            }

            world.Trace.Say($"{name}: store away");
            return Lost;
        }
        catch (Exception lost) when (lost is OperationCanceledException or ConnectionLostException)
        {
            // If it is alive, the process hears of it.
            connection.Close();
            world.Trace.Say($"{name}: {(lost is ConnectionLostException ? "connection lost" : "left")}");
            return Lost;
        }
        finally
        {
            Calls = "";
        }
    }

    private void Receive(Connection connection, StreamChatResponse next)
    {
        _view.Receive(next);
        if (next.SessionInfo is { } info)
        {
            world.Ledger.Opened(message, info);
        }

        if (next.ToolCall is { Kind: ToolKind.Client, ArgumentsJson.Length: > 0 } call)
        {
            world.Answerer.See(_view.StreamId, message, call);
        }

        if (!_view.HasEnded && world.Chance.Percent(message.DropPercent))
        {
            world.Trace.Say($"{name}: leaves after {next.Sequence}");
            connection.Close();
        }
    }

    private Pacing? Pace() => world.Chance.Percent(5)
        ? new Pacing
        {
            Strategy = world.Chance.Percent(50) ? PacingStrategy.Fixed : PacingStrategy.Adaptive,
            CharactersPerSecond = 2_000,
        }
        : null;

    private Task TakeTimeAsync(CancellationToken cancellationToken) => world.Chance.Percent(message.SlowPercent)
        ? world.Clock.PassAsync(world.Chance.Milliseconds(1, 300), cancellationToken)
        : Task.CompletedTask;

    private static Failure Lost => new(Google.Rpc.Code.Unavailable, "CONNECTION_LOST", "Gone.") { Retryable = true };
}
