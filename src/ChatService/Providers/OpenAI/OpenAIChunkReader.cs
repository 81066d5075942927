using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Sse;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Reads the chunks of one streamed chat completion.</summary>
internal sealed class OpenAIChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private string _finishReason = "";
    private bool _refused;

    // What a chunk calls delta, a whole answer calls message.
    private bool _isWhole;
    private bool _hasMessage;

    // What stands where a router reports a model that broke down; null: nothing.
    private byte[]? _choiceError;

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        SseReader.ReadAsync(body, Read, cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        return data.SequenceEqual("[DONE]"u8) ? End()
            : (!ReadObject(data) || eventType == "error") && Fail(data);
    }

    protected override bool ReadBody(ReadOnlySpan<byte> data)
    {
        _isWhole = true;
        return ReadObject(data) ? _hasMessage && End() : Fail(data);
    }

    // The reason "error" is a router's word for a model that broke down, without the error that should come with it.
    private bool End() => _finishReason == "error"
        ? Fail(Errors.InStream(WireErrorBody.None))
        : Finish(Mapped(), _finishReason);

    private bool Fail(ReadOnlySpan<byte> report) =>
        Fail(Errors.InStream(WireErrorBody.Parse(_choiceError ?? report.ToArray()) ?? WireErrorBody.None));

    // True: a chunk of an answer. False: the report of an error.
    private bool ReadObject(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var isError = false;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("choices"u8))
            {
                ReadChoices(ref json, data);
                isError |= _choiceError is not null;
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                if (OpenAIUsageReader.Read(ref json) is { } usage)
                {
                    Events.Add(ModelEvent.Used(usage));
                }
            }
            else if (json.ValueTextEquals("error"u8))
            {
                _ = json.Read();
                isError |= json.TokenType != JsonTokenType.Null;
                json.Skip();
            }
            else if (json.ValueTextEquals("object"u8))
            {
                // How older vLLM servers mark an error.
                _ = json.Read();
                isError |= json.TokenType == JsonTokenType.String && json.ValueTextEquals("error"u8);
                json.Skip();
            }
            else
            {
                json.Skip();
            }
        }

        // Throws if something follows the object.
        _ = json.Read();
        return !isError;
    }

    private void ReadChoices(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        // Never more than one choice is asked for.
        if (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            ReadChoice(ref json, data);
            _ = json.Read();
        }

        while (json.TokenType != JsonTokenType.EndArray)
        {
            json.Skip();
            _ = json.Read();
        }
    }

    private void ReadChoice(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        while (json.ReadName())
        {
            if (json.ValueTextEquals(_isWhole ? "message"u8 : "delta"u8))
            {
                ReadDelta(ref json);
            }
            else if (json.ValueTextEquals("finish_reason"u8))
            {
                // Null in every chunk but one, which need not be the last.
                if (json.ReadText() is { Length: > 0 } reason)
                {
                    _finishReason = reason;
                }
            }
            else if (json.ValueTextEquals("error"u8))
            {
                _ = json.Read();
                var (isError, begin) = (json.TokenType != JsonTokenType.Null, (int)json.TokenStartIndex);
                json.Skip();
                _choiceError = isError ? data[begin..(int)json.BytesConsumed].ToArray() : _choiceError;
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadDelta(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        _hasMessage = true;
        var hasReasoning = false;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("content"u8))
            {
                _ = AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("refusal"u8))
            {
                // The model's own words of refusal are its answer; that they refuse is told by the finish reason.
                _refused |= AddAnswer(ref json);
            }
            else if (!hasReasoning
                && (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8)))
            {
                // Some servers send the same text under both names.
                hasReasoning = AddReasoning(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                ReadToolCalls(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadToolCalls(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        // By its place where a server gives no index, as some that send a call in one piece.
        for (var place = 0; json.Read() && json.TokenType == JsonTokenType.StartObject; place++)
        {
            var piece = OpenAIToolCallPiece.Read(ref json, place);
            AddToolCall(piece.Index, piece.Id, piece.Name, ref piece.Arguments);
        }
    }

    private FinishReason Mapped() => _finishReason switch
    {
        "stop" when _refused => FinishReason.ContentFilter,
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        "tool_calls" or "function_call" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Unspecified,
    };
}
