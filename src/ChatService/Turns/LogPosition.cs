namespace ChatGrpc.Turns;

/// <summary>What a reader finds at its place in a log.</summary>
internal enum LogPosition
{
    /// <summary>An event.</summary>
    Event,

    /// <summary>Nothing yet.</summary>
    AtEnd,

    /// <summary>An event that only the store has now.</summary>
    BeforeTail,

    /// <summary>Nothing, ever: stream_end is behind.</summary>
    Ended,

    /// <summary>Nothing that this process can show; the log's failure says why.</summary>
    Lost,
}
