using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>A run of consecutive events in memory, with what they weigh. Its owner does the locking.</summary>
/// <param name="afterSequence">The first event is the one that follows it.</param>
internal sealed class EventTail(long afterSequence = 0)
{
    // What an event costs in memory beyond its wire size: the message objects and the text's header.
    private const int OverheadBytes = 128;

    private Entry[] _ring = new Entry[8];
    private int _start;
    private int _count;

    /// <summary>The sequence of the oldest event here.</summary>
    public long First { get; private set; } = afterSequence + 1;

    public long Bytes { get; private set; }

    private long Last => First + _count - 1;

    public StreamChatResponse this[long sequence] => _ring[Slot(sequence)].Event;

    public int BytesOf(long sequence) => _ring[Slot(sequence)].Bytes;

    /// <summary>Takes the event that follows the newest one; returns its weight.</summary>
    public int Add(StreamChatResponse added)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        var bytes = added.CalculateSize() + OverheadBytes;
        _ring[(_start + _count) & (_ring.Length - 1)] = new Entry(added, bytes);
        _count++;
        Bytes += bytes;
        return bytes;
    }

    public void RemoveFirst()
    {
        Bytes -= _ring[_start].Bytes;
        _ring[_start] = default;
        _start = (_start + 1) & (_ring.Length - 1);
        _count--;
        First++;
    }

    private int Slot(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, Last);
        return (_start + (int)(sequence - First)) & (_ring.Length - 1);
    }

    // The length stays a power of two, so that a slot is found by a mask.
    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_start + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _start = 0;
    }

    private readonly record struct Entry(StreamChatResponse Event, int Bytes);
}
