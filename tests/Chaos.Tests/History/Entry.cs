using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chaos.Tests.History;

/// <summary>What a client did or saw.</summary>
internal enum EntryKind
{
    /// <summary>A call that sends begins.</summary>
    Send,

    /// <summary>A call that resumes begins.</summary>
    Resume,

    /// <summary>The call begun last gave an event.</summary>
    Event,

    /// <summary>The call begun last ended, with a status.</summary>
    Status,

    /// <summary>The client ended the call begun last by going away; it comes back.</summary>
    Left,

    /// <summary>It went away, and does not come back.</summary>
    Abandoned,

    /// <summary>Refused often enough, it sends no more of this.</summary>
    GaveUp,

    /// <summary>A cancel was asked for.</summary>
    Cancel,

    /// <summary>And answered.</summary>
    Cancelled,
}

/// <summary>One line of a client's log.</summary>
/// <param name="At">Microseconds since the run began.</param>
/// <param name="Thread">Counts what the client does one after the other: a turn, a watching.</param>
internal sealed record Entry(long At, int Thread, EntryKind Kind)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Of a Send: its client_request_id, its session and what it says.</summary>
    public string? Request { get; init; }

    public string? Session { get; init; }

    public string? Message { get; init; }

    /// <summary>Of a Send: nothing is to be shown before it is saved.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Of a Resume: where it goes on.</summary>
    public string? Stream { get; init; }

    public long Epoch { get; init; }

    /// <summary>Of a Resume: after which sequence; of a Cancelled: the last one.</summary>
    public long Sequence { get; init; }

    /// <summary>Of an Event: its bytes.</summary>
    public byte[]? Event { get; init; }

    /// <summary>Of a Status: the gRPC status; of a Cancelled: the turn's state.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of a Status: what it says.</summary>
    public string? Detail { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, Form);

    public static Entry Parse(string line) => JsonSerializer.Deserialize<Entry>(line, Form)!;
}
