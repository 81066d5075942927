using System.Text.Json;
using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Reads the chunks of one answer, each from the bytes of its event. What is allocated for a delta is its text.
/// </summary>
internal abstract class ChunkReader
{
    private readonly WireText _answer = new();
    private readonly WireText _reasoning = new();
    private readonly WireToolCalls _toolCalls;

    protected ChunkReader(WireErrors errors)
    {
        Errors = errors;
        _toolCalls = new(Events);
    }

    /// <summary>What was read and not yet taken away.</summary>
    public List<ModelEvent> Events { get; } = new(capacity: 4);

    /// <summary>A delta of the answer came, of whatever kind.</summary>
    public bool HasBegun { get; private set; }

    protected WireErrors Errors { get; }

    /// <summary>The chunks of a body as they arrive; true: it was the answer's last.</summary>
    /// <exception cref="EventTooLargeException">Thrown by moving on; so is what the body throws.</exception>
    public abstract IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken);

    /// <summary>Appends what an event says to the events; true: it was the answer's last.</summary>
    /// <param name="eventType">As server-sent events have it; empty where the wire has none.</param>
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
            return Fail(Errors.Malformed());
        }
    }

    /// <summary>
    /// The same of an answer that came in one piece: the last event is Finished or Failed.
    /// </summary>
    public void ReadWhole(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            {
                _ = Fail(Errors.NothingOfAnAnswer());
            }
            else if (!ReadBody(body.Span))
            {
                var error = WireErrorBody.Parse(body);
                _ = Fail(error is { Message.Length: > 0 } ? Errors.InStream(error) : Errors.NoAnswer());
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            _ = Fail(Errors.NoAnswer());
        }
    }

    /// <summary>Reads the body of an answer that came in one piece; false: it is none.</summary>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    protected abstract bool ReadBody(ReadOnlySpan<byte> data);

    /// <summary>As <see cref="Read"/>, of an event that is not empty.</summary>
    /// <exception cref="JsonException">It is no valid chunk.</exception>
    protected abstract bool ReadChunk(string eventType, ReadOnlySpan<byte> data);

    /// <summary>The value of the name at which the reader stands; true: it was text.</summary>
    protected bool AddAnswer(ref Utf8JsonReader json) => AddText(ref json, _answer);

    /// <inheritdoc cref="AddAnswer"/>
    protected bool AddReasoning(ref Utf8JsonReader json) => AddText(ref json, _reasoning);

    /// <inheritdoc cref="WireToolCalls.Add"/>
    protected void AddToolCall(int index, string id, string name, ref Utf8JsonReader arguments)
    {
        HasBegun = true;
        _toolCalls.Add(index, id, name, ref arguments);
    }

    /// <summary>A call that comes in one piece.</summary>
    /// <param name="arguments">All of them, as JSON.</param>
    protected void AddToolCall(ModelToolCall call, string arguments)
    {
        HasBegun = true;
        Events.Add(ModelEvent.ToolCall(call, arguments));
    }

    /// <summary>The answer is whole: what is still held of its texts, and why it finished.</summary>
    /// <returns>True, for <see cref="Read"/>.</returns>
    protected bool Finish(FinishReason reason, string verbatim)
    {
        Add(_reasoning.Flush(), _reasoning);
        Add(_answer.Flush(), _answer);
        _toolCalls.Flush();
        Events.Add(ModelEvent.Finished(reason, verbatim));
        return true;
    }

    /// <summary>The answer cannot go on.</summary>
    /// <returns>True, for <see cref="Read"/>.</returns>
    protected bool Fail(Failure failure)
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

        // Text in a form that nobody here knows is not passed over in silence.
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
            HasBegun = true;
            Events.Add(text == _answer ? ModelEvent.Answer(delta) : ModelEvent.Reasoning(delta));
        }
    }
}
