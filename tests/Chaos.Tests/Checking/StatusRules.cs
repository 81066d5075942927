using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>How calls end, and that whoever keeps trying comes to the end.</summary>
internal static class StatusRules
{
    public static IEnumerable<Violation> Check(ClientThread thread)
    {
        foreach (var violation in thread.Readings.SelectMany(CheckReading))
        {
            yield return violation with { About = thread.Name };
        }

        var wentAway = thread.Entries.Any(entry => entry.Kind is EntryKind.Abandoned or EntryKind.GaveUp);
        if (!wentAway && !thread.HasEnded)
        {
            yield return new Violation(
                Rule.EveryoneSeesTheEnd, thread.Name, $"it never read stream_end of {thread.StreamId ?? "anything"}");
        }

        foreach (var asked in thread.Entries.Where(entry => entry.Kind == EntryKind.Cancel))
        {
            if (!wentAway && !thread.Entries.Any(entry => entry.Kind == EntryKind.Cancelled))
            {
                yield return new Violation(Rule.EveryoneSeesTheEnd, thread.Name, "its cancel was never answered");
            }
        }
    }

    private static IEnumerable<Violation> CheckReading(Reading reading)
    {
        var end = reading.Events.Select(shown => shown.Event.StreamEnd).LastOrDefault(end => end is not null);
        if (reading.Ended is not { Kind: EntryKind.Status } status)
        {
            yield break;
        }

        var error = reading.Events.Select(shown => shown.Event.Error).LastOrDefault(error => error is not null);
        var isRight = status.Outcome switch
        {
            "OK" => end is { State: StreamState.Completed or StreamState.Cancelled },

            // A connection may break after the last event as well as before it.
            "Unavailable" => true,

            // The session answers somebody who has given up.
            "Aborted" => reading.Events.Count == 0 && reading.Asked.Kind == EntryKind.Send,
            _ => error is not null && end is not null && status.Outcome == ((Google.Rpc.Code)error.Code).ToString(),
        };
        if (!isRight)
        {
            yield return new Violation(
                Rule.HonestStatus, "",
                $"the call ended {status.Outcome} ({status.Detail}) after {reading.Events.Count} events, "
                + $"{(end is null ? "without stream_end" : $"with stream_end {end.State}")}");
        }
    }
}
