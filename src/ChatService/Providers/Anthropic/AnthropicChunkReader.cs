using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Sse;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Reads the events of a streamed message. Pings and events that are not known are passed over.</summary>
internal sealed class AnthropicChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private readonly AnthropicUsage _usage = new();
    private string _stopReason = "";

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        SseReader.ReadAsync(body, Read, cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        // Almost always the first member, so that finding it costs little.
        var type = TypeOf(data);
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var index = 0;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("index"u8))
            {
                index = (int)json.ReadCount();
            }
            else if (json.ValueTextEquals("delta"u8) && type == EventType.BlockDelta)
            {
                ReadBlockDelta(ref json, index);
            }
            else if (json.ValueTextEquals("content_block"u8) && type == EventType.BlockStart)
            {
                ReadBlockStart(ref json, index);
            }
            else if (json.ValueTextEquals("delta"u8) && type == EventType.MessageDelta)
            {
                ReadMessageDelta(ref json);
            }
            else if (json.ValueTextEquals("message"u8) && type == EventType.MessageStart)
            {
                ReadMessageStart(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                _usage.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        // Throws if something follows the object.
        _ = json.Read();
        return Conclude(type, data);
    }

    private bool Conclude(EventType type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case EventType.Error:
                return FailByReport(data);
            case EventType.MessageDelta:
                AddUsage(_usage.Total);
                return false;
            case EventType.MessageStop:
                return Finish(Mapped(), _stopReason);
            default:
                return false;
        }
    }

    private void ReadMessageStart(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("usage"u8))
            {
                _usage.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadMessageDelta(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("stop_reason"u8))
            {
                _stopReason = json.ReadText() ?? _stopReason;
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadBlockStart(ref Utf8JsonReader json, int index)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        string? id = null;
        string? name = null;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("text"u8))
            {
                AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("thinking"u8))
            {
                AddReasoning(ref json);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                id = json.ReadText();
            }
            else if (json.ValueTextEquals("name"u8))
            {
                name = json.ReadText();
            }
            else
            {
                json.Skip();
            }
        }

        if (name is not null)
        {
            AddToolCall(index, id, name);
        }
    }

    // What kind of delta it is, is told by the member that it has.
    private void ReadBlockDelta(ref Utf8JsonReader json, int index)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("text"u8))
            {
                AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("thinking"u8))
            {
                AddReasoning(ref json);
            }
            else if (json.ValueTextEquals("partial_json"u8))
            {
                AddToolCall(index, null, null, ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static EventType TypeOf(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        while (json.ReadName())
        {
            if (!json.ValueTextEquals("type"u8))
            {
                json.Skip();
            }
            else if (json.Enter(JsonTokenType.String))
            {
                return json.ValueTextEquals("content_block_delta"u8) ? EventType.BlockDelta
                    : json.ValueTextEquals("content_block_start"u8) ? EventType.BlockStart
                    : json.ValueTextEquals("message_start"u8) ? EventType.MessageStart
                    : json.ValueTextEquals("message_delta"u8) ? EventType.MessageDelta
                    : json.ValueTextEquals("message_stop"u8) ? EventType.MessageStop
                    : json.ValueTextEquals("error"u8) ? EventType.Error
                    : EventType.Other;
            }
        }

        return EventType.Other;
    }

    private FinishReason Mapped() => _stopReason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.ContentFilter,
        _ => FinishReason.Unspecified,
    };

    private enum EventType
    {
        Other,
        MessageStart,
        BlockStart,
        BlockDelta,
        MessageDelta,
        MessageStop,
        Error,
    }
}
