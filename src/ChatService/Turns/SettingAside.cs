using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Ends a turn of which the store does not take what it says, with what was committed of it.</summary>
internal sealed class SettingAside(
    TurnRecovery recovery, Drain drain, TimeProvider time, ILogger<SettingAside> logger)
{
    private volatile bool _isStopping;

    /// <summary>From now on nothing waits for a store that is away.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>It ends as after a crash.</summary>
    public async Task RunAsync(Turn turn, Exception refusal)
    {
        Log.SetAside(logger, turn.Record.StreamId, refusal);
        turn.Stop.TryStop(StopCause.LostLease);
        await EndAsync(turn);
    }

    private async Task EndAsync(Turn turn)
    {
        try
        {
            var (_, next) = await recovery.EndAsync(
                turn.Record, turn.Record.Epoch + 1, TurnEnding.Interrupted(), promotesNext: !drain.HasBegun,
                CancellationToken.None);
            turn.SuccessorId ??= next;
        }
        catch (StoreException passing) when (!passing.Refused && !_isStopping)
        {
            // Its readers are sent away; it is not forgotten before it has ended, or its session would stay busy.
            turn.Log.Lose(TurnFailures.OwnerLost);
            _ = EndLaterAsync(turn);
            return;
        }
        catch (Exception unended)
        {
            // TakeoverWatch tries once more, and so does the next start of the service.
            Log.SetAside(logger, turn.Record.StreamId, unended);
        }

        turn.Log.GiveUp(TurnFailures.OwnerLost);
    }

    private async Task EndLaterAsync(Turn turn)
    {
        await Task.Delay(StoreWaiting.Pause, time);
        await EndAsync(turn);
    }
}
