using Chat.V1;
using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>Drains a turn's script into its log, within the limits, and closes it whatever happens.</summary>
internal sealed class TurnRunner(
    AgentScript script, Incarnation incarnation, StoreOutage outage, Drain drain, IOptions<TurnOptions> options,
    TimeProvider time, ILogger<TurnRunner> logger)
{
    private readonly TurnOptions _options = options.Value;

    /// <summary>Returns after the closing commit. Never throws.</summary>
    public async Task RunAsync(Turn turn)
    {
        var said = turn.Earlier?.Said ?? new AnswerText();
        var ending = await DrainAsync(turn, said);
        if (turn is { Stop.Cause: StopCause.Shutdown } and ({ IsQueued: true } or { IsWaiting: true }))
        {
            // Nothing of it is lost: it goes on when the service is back.
            turn.Log.GiveUp(TurnFailures.Stopping);
            if (!turn.IsGivenAway)
            {
                // It waits since all that did were given away.
                await incarnation.ReleaseAsync([turn.Record.StreamId]);
            }
        }
        else if (turn.Stop.Cause == StopCause.LostLease)
        {
            // Whoever took the stream away ends it, and says when that is done.
            await turn.Log.Closed;
        }
        else
        {
            await CloseAsync(turn, said, ending);
        }

        turn.Stop.Dispose();
    }

    private async Task<TurnEnding> DrainAsync(Turn turn, AnswerText said)
    {
        var scribe = new TokenScribe(turn, said, time);
        try
        {
            return await DrainAsync(turn, said, scribe);
        }
        catch (Exception) when (turn.Stop.Cause != StopCause.None)
        {
            // A cancelled read may end in any way.
            return TurnEnding.Of(turn.Stop.Cause, _options);
        }
        catch (StoreException failure)
        {
            Log.StoreFailed(logger, turn.Record.StreamId, failure);
            return TurnEnding.Failed(TurnFailures.StoreAway);
        }
        catch (Exception bug)
        {
            var incident = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            Log.TurnCrashed(logger, turn.Record.StreamId, incident, bug);
            return TurnEnding.Failed(TurnFailures.Bug(incident));
        }
        finally
        {
            scribe.End();
        }
    }

    private async Task<TurnEnding> DrainAsync(Turn turn, AnswerText said, TokenScribe scribe)
    {
        await turn.MayRun.WaitAsync(turn.Stop.Token);

        // Who was frozen until now may have lost it: nobody should be asked for what is another's. One that waits for
        // its client can wait for the store as well, and asks nobody before the result is committed.
        await (turn.IsWaiting ? ValueTask.CompletedTask : incarnation.EnsureAsync(turn.Stop.Token));
        turn.Stop.Token.ThrowIfCancellationRequested();
        using var limits = new TurnLimits(_options, time, turn.Stop);
        limits.Follow(turn.Record.State);
        await foreach (var told in script.RunAsync(turn, turn.Stop.Token))
        {
            WarnOfOutage(turn, scribe);
            var next = told.Event;
            switch (next?.EventCase)
            {
                case null:
                    scribe.Mark();
                    break;
                case StreamChatResponse.EventOneofCase.Token:
                    if (said.Length + next.Token.Text.Length > _options.MaxAnswerLength)
                    {
                        return TurnEnding.Failed(TurnFailures.AnswerTooLong(_options.MaxAnswerLength));
                    }

                    scribe.Write(next);
                    break;
                case StreamChatResponse.EventOneofCase.Done:
                    return TurnEnding.Completed(next) with { Steps = told.Steps };
                case StreamChatResponse.EventOneofCase.Error:
                    return TurnEnding.Failed(next);
                case StreamChatResponse.EventOneofCase.Retract:
                    scribe.Retract(next);
                    break;
                default:
                    scribe.Append(told);
                    break;
            }

            limits.Follow(told.State);
            while (!turn.Log.HasRoom())
            {
                WarnOfOutage(turn, scribe);
                await turn.Log.WaitForRoomAsync(turn.Stop.Token);
            }
        }

        return turn.Stop.Cause == StopCause.None
            ? TurnEnding.Failed(TurnFailures.Cut)
            : TurnEnding.Of(turn.Stop.Cause, _options);
    }

    // Once in an outage, before what comes next: at the bound of what may wait for the store nothing else comes.
    private void WarnOfOutage(Turn turn, TokenScribe scribe)
    {
        if (TakeWarning(turn) is { } warning)
        {
            scribe.Append(warning);
        }
    }

    private StreamChatResponse? TakeWarning(Turn turn)
    {
        if (outage.Noticed is not { } noticed || noticed == turn.OutageTold)
        {
            return null;
        }

        turn.OutageTold = noticed;
        return ClosingEvents.PersistenceDelayed();
    }

    private async Task CloseAsync(Turn turn, AnswerText said, TurnEnding ending)
    {
        var total = time.GetElapsedTime(turn.Arrived);
        var end = Prove(turn, said, ending, total);
        var closing = new TurnClosing(ending.State, said.Parts, said.Reasoning, end.Usage, time.GetUtcNow())
        {
            FinishReason = ending.FinishReason,
            PromotesNext = !drain.HasBegun,
        };
        List<StreamChatResponse> last = [.. ending.Events];
        if (!turn.IsQueued && TakeWarning(turn) is { } warning)
        {
            last.Insert(0, warning);
        }

        var shown = last.Count;
        if (ending.Saves(said))
        {
            last.Add(ClosingEvents.Saved(turn.Record.MessageId, total));
        }

        last.Add(new StreamChatResponse { StreamEnd = end });
        end.LastSequence = turn.Log.LastSequence + last.Count;

        turn.Log.Close(closing, last, shown, ending.Steps);
        await AwaitCommitAsync(turn);
        if (ending.Events[^1].Error is { } error)
        {
            // Said as a client sees it: nothing of the conversation, nothing of a key.
            Log.TurnFailed(
                logger, turn.Record.StreamId, turn.Record.Provider, turn.Record.ResolvedModel, error.Message,
                error.Reason);
        }

        Log.TurnEnded(logger, turn.Record.StreamId, ending.State, turn.Stop.Cause, ending.Reason, end.LastSequence);
    }

    private StreamEnd Prove(Turn turn, AnswerText said, TurnEnding ending, TimeSpan total)
    {
        var earlier = turn.Earlier?.Steps.SelectMany(step => step.Attempts).ToList() ?? [];
        var usages = turn.Attempts.ConvertAll(UsageEstimate.Of);
        var end = new StreamEnd
        {
            State = ending.State,
            Attempts = { earlier },
            Usage = UsageEstimate.Sum(earlier.Select(attempt => attempt.Usage).Concat(usages).OfType<Usage>()),
            Timings = new Timings { TotalMs = (long)total.TotalMilliseconds },
            AnswerSha256 = said.Sha256(),
        };
        foreach (var (attempt, usage) in turn.Attempts.Zip(usages))
        {
            end.Attempts.Add(attempt.Describe(ending.State, ending.Reason, usage));
            // When an earlier process's tries spoke first nobody knows any more.
            if (attempt.FirstText != 0 && !end.Timings.HasFirstTokenMs && earlier.TrueForAll(e => !e.HasFirstTokenMs))
            {
                end.Timings.FirstTokenMs =
                    (long)time.GetElapsedTime(turn.Arrived, attempt.FirstText).TotalMilliseconds;
            }
        }

        return end;
    }

    // The readers do not wait for ever; the commit does.
    private async Task AwaitCommitAsync(Turn turn)
    {
        try
        {
            await turn.Log.Closed.WaitAsync(_options.ClosingCommit, time);
        }
        catch (TimeoutException)
        {
            turn.Log.Lose(TurnFailures.StoreAway);
            await turn.Log.Closed;
        }
    }
}
