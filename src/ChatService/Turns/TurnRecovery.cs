using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Ends the turns of a process that died, honestly and with what it had saved.</summary>
internal sealed class TurnRecovery(
    IChatStore store, SessionSignals signals, TimeProvider time, ILogger<TurnRecovery> logger)
{
    private const int Batch = 10_000;

    /// <summary>
    /// Ends one stream that has no owner any more; can be tried again if nobody knows what came of it.
    /// </summary>
    /// <param name="newEpoch">A new one withdraws what its owner has shown beyond its last commit.</param>
    /// <returns>Whether this ended it, and the queued turn that runs from now on; null: none.</returns>
    /// <exception cref="StoreException">The store cannot be reached or refuses.</exception>
    public async Task<(bool Ended, string? Next)> EndAsync(
        StreamRecord orphan, long newEpoch, TurnEnding ending, bool promotesNext, CancellationToken cancellationToken)
    {
        for (var known = -1L; ;)
        {
            var events = await ReadAllAsync(orphan, cancellationToken);
            var steps = await store.ReadStepsAsync(orphan.TenantId, orphan.StreamId, cancellationToken);
            var result = await CommitAsync(orphan, newEpoch, events, steps, ending, promotesNext);
            if (result.Outcome == WriteOutcome.Committed)
            {
                signals.Changed(orphan.TenantId, orphan.SessionId);
                return (true, result.PromotedStreamId);
            }

            var now = await store.FindStreamAsync(orphan.TenantId, orphan.StreamId, cancellationToken);
            if (now is { IsOpen: true } && now.Epoch == orphan.Epoch && now.LastSequence > events.Count)
            {
                orphan = now;

                // A commit of the owner that is gone was still on its way: again, from there. Where nothing has come,
                // something of the log is missing, and will be.
                if (events.Count > known)
                {
                    known = events.Count;
                    continue;
                }

                Log.SetAside(logger, orphan.StreamId, new InvalidDataException("Events of its log are missing."));
                return (false, null);
            }

            if (now is { IsOpen: true })
            {
                Log.Fenced(logger, orphan.StreamId);
                return (false, null);
            }

            // It has ended, by an earlier try or by its owner's last commit, and nobody was told what runs next.
            signals.Changed(orphan.TenantId, orphan.SessionId);
            return (
                false, promotesNext ? await DoubtedCommits.FindRunningAsync(store, orphan, cancellationToken) : null);
        }
    }

    /// <summary>A stream's events, as far as its record knows of them.</summary>
    public async Task<List<StreamChatResponse>> ReadAllAsync(StreamRecord stream, CancellationToken cancellationToken)
    {
        var all = new List<StreamChatResponse>();
        while (all.Count < stream.LastSequence
            && await store.ReadEventsAsync(stream.TenantId, stream.StreamId, all.Count, Batch, cancellationToken)
            is { Count: > 0 } next)
        {
            all.AddRange(next);
        }

        return all;
    }

    // What a store refuses of an ending can only be its text, for instance because it is too long to be searched: the
    // session need not be busy for ever for that.
    private async Task<WriteResult> CommitAsync(
        StreamRecord orphan, long newEpoch, List<StreamChatResponse> events, IReadOnlyList<TurnStep> steps,
        TurnEnding ending, bool promotesNext)
    {
        var said = AnswerReplay.Of(events);
        try
        {
            return await CommitAsync(Write(orphan, newEpoch, events, steps, ending, said, promotesNext));
        }
        catch (StoreException refusal) when (refusal.Refused)
        {
            var write = Write(orphan, newEpoch, events, steps, ending, new AnswerText(), promotesNext);
            write.Events[^1].StreamEnd.AnswerSha256 = said.Sha256();
            var result = await CommitAsync(write);
            Log.EndedWithoutText(logger, orphan.StreamId, refusal);
            return result;
        }
    }

    private async Task<WriteResult> CommitAsync(TurnWrite write) =>
        (await store.CommitAsync([write], CancellationToken.None))[0];

    private TurnWrite Write(
        StreamRecord orphan, long newEpoch, List<StreamChatResponse> events, IReadOnlyList<TurnStep> steps,
        TurnEnding ending, AnswerText said, bool promotesNext)
    {
        // The clock of the process that opened it may be ahead of this one's.
        var total = TimeSpan.FromTicks(Math.Max(0, (time.GetUtcNow() - orphan.CreatedAt).Ticks));
        var end = new StreamEnd
        {
            State = ending.State,
            Usage = Used(orphan, events, steps, said),
            Attempts = { steps.SelectMany(step => step.Attempts) },
            Timings = new Timings { TotalMs = (long)total.TotalMilliseconds },
            AnswerSha256 = said.Sha256(),
        };
        List<StreamChatResponse> last = [.. ending.Events];
        if (ending.Saves(said))
        {
            last.Add(ClosingEvents.Saved(orphan.MessageId, total));
        }

        last.Add(new StreamChatResponse { StreamEnd = end });
        var committed = events.Count == 0 ? 0 : events[^1].Sequence;
        end.LastSequence = committed + last.Count;
        for (var i = 0; i < last.Count; i++)
        {
            last[i].Sequence = committed + 1 + i;
        }

        var closing = new TurnClosing(ending.State, said.Parts, said.Reasoning, end.Usage, time.GetUtcNow())
        {
            PromotesNext = promotesNext,
        };
        return new TurnWrite(orphan.StreamId, orphan.Epoch, last, closing) { NewEpoch = newEpoch };
    }

    // As the providers reported it for the steps that were made; what came after the last one is reckoned.
    private static Usage Used(
        StreamRecord orphan, List<StreamChatResponse> events, IReadOnlyList<TurnStep> steps, AnswerText said)
    {
        var known = steps.SelectMany(step => step.Attempts).Select(attempt => attempt.Usage).OfType<Usage>();
        var knownText = steps.SelectMany(step => step.Events).Sum(each => each.Token?.Text.Length ?? 0);
        var carriedOver = orphan.ContinuesStreamId.Length == 0
            ? 0
            : events.FirstOrDefault(each => each.Token is not null)?.Token.Text.Length ?? 0;
        var rest = UsageEstimate.Of(
            new ModelRequest { Model = orphan.ResolvedModel, Messages = [] },
            Math.Max(0, said.Answer.Length - carriedOver - knownText), said.Reasoning.Length);
        return UsageEstimate.Sum([.. known, rest]);
    }
}
