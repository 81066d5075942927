using Chaos.Tests.History;
using Chaos.Tests.Truth;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>
/// What was shown against what is stored. An event that was shown in an epoch is in the log, byte for byte; or it came
/// after what that epoch committed, a higher epoch has taken it back, and it did not say that something is saved.
/// </summary>
internal static class CommitRules
{
    public static IEnumerable<Violation> Check(Evidence evidence)
    {
        var streams = evidence.Stored.Streams.ToDictionary(stream => stream.StreamId);
        foreach (var thread in evidence.Threads)
        {
            if (thread.StreamId is not { } id)
            {
                continue;
            }

            if (!streams.TryGetValue(id, out var stream))
            {
                yield return new Violation(Rule.SavedWhenShown, thread.Name, $"{id} was shown and is not stored");
                continue;
            }

            foreach (var violation in Check(thread, stream))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<Violation> Check(ClientThread thread, StoredStream stream)
    {
        var about = $"{thread.Name} of {stream.StreamId}";
        foreach (var shown in thread.AllShown.Where(shown => shown.Event.Sequence > 0))
        {
            var sequence = shown.Event.Sequence;
            var isCommitted = sequence <= stream.Fence(shown.Epoch);
            if (isCommitted && !shown.Bytes.AsSpan().SequenceEqual(stream.At(sequence)?.Bytes))
            {
                yield return new Violation(
                    Rule.SameForAll, about,
                    $"{sequence} was shown as {shown.Event.EventCase} and is stored otherwise, in the same epoch");
            }
            else if (!isCommitted && shown.Event.EventCase is var kind
                && kind is StreamChatResponse.EventOneofCase.ResponseSaved
                    or StreamChatResponse.EventOneofCase.StreamEnd)
            {
                yield return new Violation(Rule.SavedWhenShown, about, $"{kind} was shown and is not stored");
            }
            else if (!isCommitted && stream.Epoch <= shown.Epoch)
            {
                yield return new Violation(
                    Rule.WithdrawnByEpochOnly, about,
                    $"{sequence} was shown, is not stored, and no epoch took it back");
            }
        }

        foreach (var cancelled in thread.Entries.Where(entry => entry.Kind == EntryKind.Cancelled))
        {
            if (cancelled.Sequence != stream.Log.Count || cancelled.Outcome != stream.State.ToString())
            {
                yield return new Violation(
                    Rule.CancelIsFinal, about,
                    $"the cancel told {cancelled.Outcome} at {cancelled.Sequence}; it is {stream.State} at "
                    + $"{stream.Log.Count}");
            }
        }

        if (thread.Sent is { } sent && Untrue(thread, Question.Parse(sent.Message!)) is { } violation)
        {
            yield return violation;
        }
    }

    // Also what was taken back was a beginning of the right answer.
    private static Violation? Untrue(ClientThread thread, Question question)
    {
        var truth = question.Answer();
        foreach (var reading in thread.Readings.Where(reading => reading.Asked.Sequence == 0))
        {
            var text = AnswerText.Of(reading.Events.Select(shown => shown.Event));
            if (!truth.StartsWith(text, StringComparison.Ordinal))
            {
                return new Violation(Rule.TrueAnswer, thread.Name, "it was shown what is not in the right answer");
            }
        }

        return null;
    }
}
