using Chat.V1;

namespace Chaos.Tests.History;

/// <summary>One thing that a client did from beginning to end: a turn, or watching somebody else's.</summary>
/// <param name="Name">Of the client and the thread.</param>
internal sealed record ClientThread(string Name, IReadOnlyList<Entry> Entries)
{
    /// <summary>The send, if it is not about somebody else's stream.</summary>
    public Entry? Sent => Entries[0].Kind == EntryKind.Send ? Entries[0] : null;

    /// <summary>Every event that was shown, of all its readings.</summary>
    public IEnumerable<Shown> AllShown => Readings.SelectMany(reading => reading.Events);

    /// <summary>The stream it was about; null: it never heard of one.</summary>
    public string? StreamId =>
        AllShown.Select(shown => shown.Event.SessionInfo?.StreamId).FirstOrDefault(id => id is not null)
        ?? Entries[0].Stream;

    /// <summary>Whether it has read stream_end.</summary>
    public bool HasEnded => AllShown.Any(shown => shown.Event.StreamEnd is not null);

    /// <summary>Its calls, one after the other.</summary>
    public IReadOnlyList<Reading> Readings { get; } = [.. Divide(Entries)];

    private static IEnumerable<Reading> Divide(IReadOnlyList<Entry> entries)
    {
        Entry? asked = null;
        Entry? ended = null;
        var epoch = 0L;
        var events = new List<Shown>();
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case EntryKind.Send or EntryKind.Resume:
                    if (asked is not null)
                    {
                        yield return new Reading(asked, events, ended);
                    }

                    (asked, ended, events) = (entry, null, []);
                    break;
                case EntryKind.Event:
                    var shown = StreamChatResponse.Parser.ParseFrom(entry.Event);
                    epoch = shown.SessionInfo?.Epoch ?? epoch;
                    events.Add(new Shown(entry.At, epoch, shown, entry.Event!));
                    break;
                case EntryKind.Status or EntryKind.Left or EntryKind.Abandoned:
                    ended ??= entry;
                    break;
            }
        }

        if (asked is not null)
        {
            yield return new Reading(asked, events, ended);
        }
    }
}

/// <summary>One call.</summary>
/// <param name="Asked">What it began with.</param>
/// <param name="Ended">How it ended; null: the run ended before it.</param>
internal sealed record Reading(Entry Asked, IReadOnlyList<Shown> Events, Entry? Ended);

/// <summary>An event that a client was shown.</summary>
/// <param name="Epoch">Of the reading that showed it.</param>
internal sealed record Shown(long At, long Epoch, StreamChatResponse Event, byte[] Bytes);
