using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Providers;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Model;

/// <summary>A model that follows its scripts. The message tells which one; every call is counted.</summary>
internal sealed class ScriptedModel(Ledger ledger, Chance chance, SimulatedClock clock) : IModelProvider
{
    public string Name => "scripted";

    /// <summary>It needs no word of ours to go on with an answer.</summary>
    public bool CarriesOn => true;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = request.Messages.Last(message => message.Role == ModelRole.User);
        var message = string.Concat(asked.Parts.Select(part => part.Text));
        var script = ledger.Called(message);
        foreach (var delta in script.Deltas)
        {
            await PauseAsync(script, cancellationToken);
            yield return delta;
        }

        await PauseAsync(script, cancellationToken);
        switch (script.Ending)
        {
            case ScriptEnding.Finished:
                yield return ModelEvent.Finished(FinishReason.Stop, "stop");
                break;
            case ScriptEnding.Failed:
                yield return ModelEvent.Failed(ModelScript.Failure);
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

    private async Task PauseAsync(ModelScript script, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (chance.Percent(script.PausePercent))
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
