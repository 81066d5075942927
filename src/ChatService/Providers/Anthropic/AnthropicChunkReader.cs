using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Sse;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Reads the events of one streamed message.</summary>
internal sealed partial class AnthropicChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private readonly AnthropicUsage _usage = new();
    private string _stopReason = "";

    private enum Kind
    {
        // A ping, the end of a block, or what was thought of later: the wire says that new kinds may come.
        Other,
        MessageStart,
        BlockStart,
        BlockDelta,
        MessageDelta,
        MessageStop,
        Error,
    }

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        SseReader.ReadAsync(body, Read, cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var kind = eventType == "error" ? Kind.Error : Kind.Other;
        var index = 0;

        // Each is read when the kind and the index are known, wherever in the object they stand.
        Utf8JsonReader said = default;
        Utf8JsonReader usage = default;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("type"u8))
            {
                kind = json.Enter(JsonTokenType.String) && kind == Kind.Other ? KindOf(ref json) : kind;
            }
            else if (json.ValueTextEquals("index"u8))
            {
                index = (int)Math.Min(json.ReadCount(), int.MaxValue);
            }
            else if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("content_block"u8)
                || json.ValueTextEquals("message"u8))
            {
                said = json;
                json.Skip();
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                usage = json;
                json.Skip();
            }
            else
            {
                json.Skip();
            }
        }

        // Throws if something follows the object.
        _ = json.Read();
        return ReadEvent(kind, index, ref said, ref usage, data);
    }

    private static Kind KindOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("content_block_delta"u8) ? Kind.BlockDelta
        : json.ValueTextEquals("content_block_start"u8) ? Kind.BlockStart
        : json.ValueTextEquals("message_start"u8) ? Kind.MessageStart
        : json.ValueTextEquals("message_delta"u8) ? Kind.MessageDelta
        : json.ValueTextEquals("message_stop"u8) ? Kind.MessageStop
        : json.ValueTextEquals("error"u8) ? Kind.Error
        : Kind.Other;

    private bool ReadEvent(
        Kind kind, int index, ref Utf8JsonReader said, ref Utf8JsonReader usage, ReadOnlySpan<byte> data)
    {
        switch (kind)
        {
            case Kind.MessageStart:
                ReadMessage(ref said);
                return false;
            case Kind.BlockStart:
                ReadBlock(ref said, index);
                return false;
            case Kind.BlockDelta:
                ReadDelta(ref said, index);
                return false;
            case Kind.MessageDelta:
                ReadDelta(ref said, index);

                // Told here only: at the message's start the answer's count is of its first tokens, if of any.
                if (usage.TokenType != JsonTokenType.None && _usage.Read(ref usage))
                {
                    Events.Add(ModelEvent.Used(_usage.Total));
                }

                return false;
            case Kind.MessageStop:
                return Finish(Mapped(), _stopReason);
            case Kind.Error:
                return Fail(Errors.InStream(WireErrorBody.Parse(data.ToArray()) ?? WireErrorBody.None));
            default:
                return false;
        }
    }

    private void ReadMessage(ref Utf8JsonReader json)
    {
        if (!EnterObject(ref json))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("usage"u8))
            {
                _ = _usage.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadBlock(ref Utf8JsonReader json, int index)
    {
        if (EnterObject(ref json))
        {
            ReadBlock(ref json, index, whole: default);
        }
    }

    /// <param name="whole">The answer, if it came in one piece: then a call's arguments stand in its block.</param>
    private void ReadBlock(ref Utf8JsonReader json, int index, ReadOnlySpan<byte> whole)
    {
        var isToolCall = false;
        var (id, name, arguments) = ("", "", "");
        while (json.ReadName())
        {
            if (json.ValueTextEquals("type"u8))
            {
                isToolCall = json.Enter(JsonTokenType.String) && json.ValueTextEquals("tool_use"u8);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                id = json.ReadText();
            }
            else if (json.ValueTextEquals("name"u8))
            {
                name = json.ReadText();
            }
            else if (json.ValueTextEquals("text"u8))
            {
                _ = AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("thinking"u8))
            {
                _ = AddReasoning(ref json);
            }
            else if (!whole.IsEmpty && json.ValueTextEquals("input"u8))
            {
                arguments = json.ReadRaw(whole);
            }
            else
            {
                json.Skip();
            }
        }

        if (isToolCall && !whole.IsEmpty)
        {
            AddToolCall(new ModelToolCall(index, id, name), arguments);
        }
        else if (isToolCall)
        {
            Utf8JsonReader none = default;
            AddToolCall(index, id, name, ref none);
        }
    }

    private void ReadDelta(ref Utf8JsonReader json, int index)
    {
        if (!EnterObject(ref json))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("text"u8))
            {
                _ = AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("thinking"u8))
            {
                _ = AddReasoning(ref json);
            }
            else if (json.ValueTextEquals("partial_json"u8))
            {
                if (json.Enter(JsonTokenType.String))
                {
                    AddToolCall(index, "", "", ref json);
                }
            }
            else if (json.ValueTextEquals("stop_reason"u8))
            {
                if (json.ReadText() is { Length: > 0 } reason)
                {
                    _stopReason = reason;
                }
            }
            else
            {
                // A signature, which proves the thinking to Anthropic when it is sent back; a citation.
                json.Skip();
            }
        }
    }

    private static bool EnterObject(ref Utf8JsonReader json) =>
        json.TokenType != JsonTokenType.None && json.Enter(JsonTokenType.StartObject);

    private FinishReason Mapped() => _stopReason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.ContentFilter,

        // Also pause_turn, with which a tool on their side waits to be called again: no request offers one.
        _ => FinishReason.Unspecified,
    };
}
