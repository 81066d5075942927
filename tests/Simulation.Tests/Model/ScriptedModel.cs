using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Providers;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;

namespace Simulation.Tests.Model;

/// <summary>A model that follows its scripts. The message tells which one; every call is counted.</summary>
/// <param name="outages">Of the process that asks.</param>
/// <param name="isExcused">The process that asks was taken for dead, and cannot know.</param>
internal sealed class ScriptedModel(
    ModelCalls calls, Chance chance, SimulatedClock clock, bool carriesOn, Outages outages,
    Func<StoredStream?, bool> isExcused) : IModelProvider
{
    public string Name => "scripted";

    public bool CarriesOn => carriesOn;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var made = calls.Begin(request, isExcused);
        foreach (var delta in Said(made))
        {
            await PauseAsync(made, cancellationToken);
            ModelCalls.Says(made, outages.Current);
            yield return delta;
        }

        await PauseAsync(made, cancellationToken);
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

    private async Task PauseAsync(MadeCall made, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (chance.Percent(made.Script.PausePercent))
        {
            await clock.PassAsync(chance.Milliseconds(0, made.Script.LongestPause), cancellationToken);
        }
        else if (chance.Percent(50))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
