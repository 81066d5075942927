using Chat.V1;
using ChatGrpc.Storage;
using Simulation.Tests.Model;

namespace Simulation.Tests.World;

/// <summary>A call that a client sees.</summary>
/// <param name="IsRefused">The service answers it by itself.</param>
internal sealed record Awaited(string StreamId, string CallId, bool IsRefused);

/// <summary>
/// The clients that run tools: whoever reads a call of theirs gives its result, in time or not, once or again, from one
/// place or from two, until it has an answer.
/// </summary>
internal sealed class Answerer(SimulatedWorld world)
{
    /// <summary>How long a turn waits for a result.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HashSet<(string StreamId, string CallId)> _seen = [];
    private readonly List<Task> _answering = [];

    public bool HasSeen(string streamId, string callId) => _seen.Contains((streamId, callId));

    /// <summary>A reader has the whole call.</summary>
    public void See(string streamId, PlannedMessage message, ToolCall call)
    {
        var known = message.Script.Steps.SelectMany((step, i) => step.Calls.Select(
            (scripted, j) => (scripted.Client, End: $"/{i + 1}/{j + 1}\"}}", Step: i + 1)));
        var (behaviour, end, number) = known.FirstOrDefault(
            scripted => call.ArgumentsJson.EndsWith(scripted.End, StringComparison.Ordinal));
        if (end is not null && _seen.Add((streamId, call.Id)))
        {
            _answering.Add(world.Scheduler.World.RunAsync(
                () => AnswerAsync(new Awaited(streamId, call.Id, number > ModelScript.MaxRounds), behaviour)));
        }
    }

    /// <summary>Returns when all have had their answers.</summary>
    public async Task EndAsync()
    {
        for (var i = 0; i < _answering.Count; i++)
        {
            await _answering[i];
        }
    }

    private async Task AnswerAsync(Awaited call, ClientBehaviour behaviour)
    {
        var (one, other) = (Result("one"), Result("other"));
        await PassAsync(behaviour == ClientBehaviour.Late ? 60_000 : 500);
        switch (behaviour)
        {
            case ClientBehaviour.Never:
                break;
            case ClientBehaviour.TwiceTheSame or ClientBehaviour.TwiceAnother:
                await GiveAsync(call, one);
                await PassAsync(2_000);
                await GiveAsync(call, behaviour == ClientBehaviour.TwiceAnother ? other : one);
                break;
            case ClientBehaviour.TwoAtOnce:
                await Task.WhenAll(
                    GiveAsync(call, one), GiveAsync(call, world.Chance.Percent(50) ? one : other));
                break;
            case ClientBehaviour.WrongIdFirst:
                await GiveAsync(call, new ToolResult { Id = call.CallId + "_wrong", Text = "wrong" });
                await GiveAsync(call, one);
                break;
            default:
                await GiveAsync(call, one);
                break;
        }

        ToolResult Result(string name) =>
            new() { Id = call.CallId, Text = $"{name} of {call.CallId}", IsError = world.Chance.Percent(20) };
    }

    private async Task GiveAsync(Awaited call, ToolResult result)
    {
        while (!await TryAsync(call, result))
        {
            await PassAsync(500);
        }
    }

    // False: it has to be tried again.
    private async Task<bool> TryAsync(Awaited call, ToolResult result)
    {
        var instance = await world.Deployment.WhenUpAsync();
        world.Submissions.Give(call.StreamId, result);
        try
        {
            var answer = await instance.SubmitAsync(call.StreamId, result);
            world.Submissions.Answered(call, result, answer);
            return answer.Failure is not { Retryable: true };
        }
        catch (Exception failure) when (failure is StoreException or ConnectionLostException)
        {
            world.Trace.Say($"answerer: {failure.Message}");
            return false;
        }
    }

    private Task PassAsync(int mostMilliseconds) =>
        world.Clock.PassAsync(world.Chance.Milliseconds(0, mostMilliseconds));
}
