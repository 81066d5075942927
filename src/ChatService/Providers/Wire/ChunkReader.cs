using System.Text.Json;
using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Reads the chunks of one answer, each from the bytes of its event, into model events. What is allocated for a delta
/// is its text. A wire says what a chunk holds.
/// </summary>
internal abstract class ChunkReader(WireErrors errors)
{
    private readonly WireText _answer = new();
    private readonly WireText _reasoning = new();
    private readonly List<ToolCallText> _toolCalls = [];

    /// <summary>What was read and not yet taken away.</summary>
    public List<ModelEvent> Events { get; } = new(capacity: 4);

    /// <summary>A delta of text came.</summary>
    public bool HasText { get; private set; }

    /// <summary>Reads the chunks of a body as they arrive; true: it was the answer's last.</summary>
    /// <exception cref="EventTooLargeException">Thrown by moving on; so is what the body throws.</exception>
    public abstract IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken);

    /// <summary>Appends what the event says to the events; true: it was the answer's last.</summary>
    /// <param name="eventType">As server-sent events name it; lines of JSON have none.</param>
    public bool Read(string eventType, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty)
        {
            return false;
        }

        try
        {
            return ReadChunk(eventType, data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the JSON library throws at a name that holds half a character.
            return Fail(errors.Malformed());
        }
    }

    /// <summary>True: it was the answer's last.</summary>
    protected abstract bool ReadChunk(string eventType, ReadOnlySpan<byte> data);

    /// <summary>The string at which the reader stands next; false: it is null or empty.</summary>
    /// <exception cref="JsonException">Text in a form that nobody here knows is not passed over in silence.</exception>
    protected bool AddAnswer(ref Utf8JsonReader json) => AddText(ref json, _answer);

    /// <inheritdoc cref="AddAnswer"/>
    protected bool AddReasoning(ref Utf8JsonReader json) => AddText(ref json, _reasoning);

    protected void AddUsage(Usage usage) => Events.Add(ModelEvent.Used(usage));

    /// <summary>A call, or another piece of one; the first piece of an index has its id and name.</summary>
    protected void AddToolCall(int index, string? id, string? name) =>
        Events.Add(ModelEvent.ToolCall(ToolCallOf(index, id, name).Call, ""));

    /// <inheritdoc cref="AddToolCall(int, string?, string?)"/>
    /// <param name="arguments">Stands before the piece of the arguments' JSON, which is a string.</param>
    protected void AddToolCall(int index, string? id, string? name, ref Utf8JsonReader arguments)
    {
        var call = ToolCallOf(index, id, name);
        arguments.Expect(JsonTokenType.String);
        Events.Add(ModelEvent.ToolCall(call.Call, call.Arguments.Read(ref arguments)));
    }

    /// <summary>A whole call, from a wire that gives calls no ids.</summary>
    protected void AddWholeToolCall(int index, string? name, string arguments) =>
        Events.Add(ModelEvent.ToolCall(ToolCallOf(index, null, name).Call, arguments));

    /// <summary>The answer is whole. Returns true, as its last chunk does.</summary>
    protected bool Finish(FinishReason reason, string verbatim)
    {
        Add(_reasoning.Flush(), _reasoning);
        Add(_answer.Flush(), _answer);
        Events.Add(ModelEvent.Finished(reason, verbatim));
        return true;
    }

    /// <summary>The provider reports an error. Returns true, as an answer's last chunk does.</summary>
    protected bool FailByReport(ReadOnlySpan<byte> data) =>
        Fail(errors.InStream(WireErrorBody.Parse(data.ToArray()) ?? WireErrorBody.None));

    private ToolCallText ToolCallOf(int index, string? id, string? name)
    {
        var call = _toolCalls.Find(call => call.Call.Index == index);
        if (call is null)
        {
            call = new ToolCallText(new ModelToolCall(index, id ?? "", name ?? ""));
            _toolCalls.Add(call);
        }

        return call;
    }

    private bool Fail(Failure failure)
    {
        Events.Add(ModelEvent.Failed(failure));
        return true;
    }

    private bool AddText(ref Utf8JsonReader json, WireText text)
    {
        _ = json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        if (json.TokenType != JsonTokenType.String)
        {
            throw new JsonException();
        }

        var delta = text.Read(ref json);
        Add(delta, text);
        return delta.Length > 0;
    }

    private void Add(string delta, WireText text)
    {
        if (delta.Length > 0)
        {
            HasText = true;
            Events.Add(text == _answer ? ModelEvent.Answer(delta) : ModelEvent.Reasoning(delta));
        }
    }

    private sealed record ToolCallText(ModelToolCall Call)
    {
        public WireText Arguments { get; } = new();
    }
}
