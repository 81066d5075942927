using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Providers;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Model;

/// <summary>A model that follows its scripts. The message tells which one; every call is counted.</summary>
/// <param name="outages">Of the process that asks.</param>
/// <param name="isLost">The process that asks was given up for dead.</param>
internal sealed class ScriptedModel(
    ModelCalls calls, Chance chance, SimulatedClock clock, bool carriesOn, Outages outages,
    Func<bool> isLost) : IModelProvider
{
    public string Name => "scripted";

    public bool CarriesOn => carriesOn;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var made = calls.Begin(request, isLost());
        var pausePercent = made.PausePercent;
        foreach (var delta in Said(made))
        {
            await PauseAsync(pausePercent, cancellationToken);
            ModelCalls.Says(made, outages.Current);
            yield return delta;
        }

        await PauseAsync(pausePercent, cancellationToken);
        switch (made.Try.Ending)
        {
            case ScriptEnding.Finished:
                var reason = made.Try.Calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop;
                yield return ModelEvent.Finished(reason, "stop");
                break;
            case ScriptEnding.Busy:
                yield return ModelEvent.Failed(ModelScript.Busy);
                break;
            case ScriptEnding.Refused:
                yield return ModelEvent.Failed(ModelScript.Refused);
                break;
            case ScriptEnding.Throws:
                throw new InvalidOperationException("The provider's client has a bug.");
            case ScriptEnding.Hangs:
                await clock.PassAsync(TimeSpan.FromDays(1), cancellationToken);
                break;
            case ScriptEnding.Cut:
                break;
        }
    }

    // The text, then the calls, each in pieces of about the same length.
    private static IEnumerable<ModelEvent> Said(MadeCall made)
    {
        foreach (var delta in made.Try.Deltas)
        {
            yield return delta;
        }

        foreach (var (index, call) in made.Try.Calls.Index())
        {
            var piece = new ModelToolCall(index, call.ProviderId, call.Tool);
            var json = call.Json(made.Key, made.Step, index + 1);
            var length = (json.Length + call.Pieces - 1) / call.Pieces;
            for (var from = 0; from < json.Length; from += length)
            {
                yield return ModelEvent.ToolCall(piece, json[from..Math.Min(json.Length, from + length)]);
            }
        }
    }

    private async Task PauseAsync(int pausePercent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (chance.Percent(pausePercent))
        {
            await clock.PassAsync(chance.Milliseconds(0, 200), cancellationToken);
        }
        else if (chance.Percent(50))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
