namespace ChatGrpc.Storage.Moving;

/// <summary>A table whose rows belong to sessions, by the names that both stores have for it.</summary>
/// <param name="OfStreams">Its rows are a session's by stream_id; otherwise by tenant_id and session_id.</param>
/// <param name="Order">The columns by which a session's rows are ordered, the same in both stores.</param>
internal sealed record MovedTable(
    string Name, bool OfStreams, IReadOnlyList<string> Order, IReadOnlyList<MovedColumn> Columns)
{
    /// <summary>In the order in which rows refer to each other. A test holds them to the stores' schemas.</summary>
    public static IReadOnlyList<MovedTable> All { get; } =
    [
        new(
            "session", OfStreams: false, ["session_id"],
            [
                Text("tenant_id"), Text("session_id"), Text("head_id"), Text("title"), Time("created_at"),
                Time("updated_at"), Number("revision"),
            ]),
        new(
            "message", OfStreams: false, ["ordinal"],
            [
                Text("message_id"), Text("tenant_id"), Text("session_id"), Text("parent_id"), Text("stream_id"),
                Small("role"), Text("author"), Bytes("parts"), Text("reasoning"), Small("status"), Bytes("usage"),
                Time("created_at"), Number("ordinal"), Number("revision"), Small("finish_reason"),
            ]),
        new(
            "stream", OfStreams: false, ["stream_id"],
            [
                Text("stream_id"), Text("tenant_id"), Text("session_id"), Text("user_message_id"), Text("message_id"),
                Text("request_key"), Bytes("body_hash"), Text("model"), Text("resolved_model"), Text("provider"),
                Text("metadata"), Number("epoch"), Small("state"), Number("last_seq"), Time("created_at"),
                Time("ended_at"), Bytes("request"), Text("continues_id"), Flag("has_log"), Text("owner"),
            ]),
        new(
            "turn_step", OfStreams: true, ["stream_id", "step"],
            [
                Text("stream_id"), Small("step"), Small("kind"), Small("state"), Bytes("body"), Bytes("attempts"),
                Time("waiting_since"), Flag("has_document"),
            ]),
        new(
            "stream_chunk", OfStreams: true, ["stream_id", "seq_first"],
            [
                Text("stream_id"), Number("seq_first"), Number("seq_last"), Number("epoch"), Bytes("body"),
            ]),
    ];

    /// <summary>
    /// Of a log whose time is over, a store may still have rows, until it clears them away; nobody reads them.
    /// </summary>
    public bool OfLogs => Name == "stream_chunk";

    public int IndexOf(string column) =>
        Columns.Select((each, i) => each.Name == column ? i : -1).First(index => index >= 0);

    private static MovedColumn Text(string name) => new(name, MovedKind.Text);

    private static MovedColumn Small(string name) => new(name, MovedKind.Small);

    private static MovedColumn Number(string name) => new(name, MovedKind.Number);

    private static MovedColumn Time(string name) => new(name, MovedKind.Time);

    private static MovedColumn Flag(string name) => new(name, MovedKind.Flag);

    private static MovedColumn Bytes(string name) => new(name, MovedKind.Bytes);
}

internal sealed record MovedColumn(string Name, MovedKind Kind);

/// <summary>What a value is on its way, whatever it is in a store; null is null.</summary>
internal enum MovedKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A long.</summary>
    Number,

    /// <summary>A long, of 32 bits in a store that makes a difference.</summary>
    Small,

    /// <summary>A long, of Unix milliseconds.</summary>
    Time,

    /// <summary>A long, 0 or 1.</summary>
    Flag,

    /// <summary>An array of bytes.</summary>
    Bytes,
}
