using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Sse;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Reads the chunks of a streamed chat completion.</summary>
internal sealed class OpenAIChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private string _finishReason = "";
    private bool _refused;

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        SseReader.ReadAsync(body, Read, cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            // A router's word for a model that broke down, without the error that should have come with it.
            return _finishReason == "error" ? FailByReport([]) : Finish(Mapped(), _finishReason);
        }

        return (!ReadChunk(data) || eventType == "error") && FailByReport(data);
    }

    // True: a chunk of an answer. False: the report of an error.
    private bool ReadChunk(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var isError = false;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("choices"u8))
            {
                ReadChoices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                if (OpenAIUsageReader.Read(ref json) is { } usage)
                {
                    AddUsage(usage);
                }
            }
            else if (json.ValueTextEquals("error"u8))
            {
                _ = json.Read();
                isError = json.TokenType != JsonTokenType.Null;
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

    private void ReadChoices(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        // Never more than one choice is asked for.
        if (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            ReadChoice(ref json);
            _ = json.Read();
        }

        while (json.TokenType != JsonTokenType.EndArray)
        {
            json.Skip();
            _ = json.Read();
        }
    }

    private void ReadChoice(ref Utf8JsonReader json)
    {
        while (json.ReadName())
        {
            if (json.ValueTextEquals("delta"u8))
            {
                ReadDelta(ref json);
            }
            else if (json.ValueTextEquals("finish_reason"u8))
            {
                _finishReason = json.ReadText() ?? _finishReason;
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

        var hasReasoning = false;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("content"u8))
            {
                AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("refusal"u8))
            {
                // The model's own words of refusal are its answer; that they refuse is told by the finish reason.
                _refused |= AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                ReadToolCalls(ref json);
            }
            else if (!hasReasoning
                && (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8)))
            {
                // Some servers send the same text under both names.
                hasReasoning = AddReasoning(ref json);
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

        for (var position = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; position++)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadToolCall(ref json, position);
            }
            else
            {
                json.Skip();
            }
        }
    }

    // Servers that send whole calls leave the index out.
    private void ReadToolCall(ref Utf8JsonReader json, int position)
    {
        var index = position;
        string? id = null;
        string? name = null;
        var hasArguments = false;
        Utf8JsonReader arguments = default;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("index"u8))
            {
                index = (int)json.ReadCount();
            }
            else if (json.ValueTextEquals("id"u8))
            {
                id = json.ReadText();
            }
            else if (json.ValueTextEquals("function"u8))
            {
                hasArguments = ReadFunction(ref json, ref name, ref arguments);
            }
            else
            {
                json.Skip();
            }
        }

        if (hasArguments)
        {
            AddToolCall(index, id, name, ref arguments);
        }
        else
        {
            AddToolCall(index, id, name);
        }
    }

    // True: the second reader stands before the arguments, whose text can be read once the call is known.
    private static bool ReadFunction(ref Utf8JsonReader json, ref string? name, ref Utf8JsonReader arguments)
    {
        var hasArguments = false;
        if (json.Enter(JsonTokenType.StartObject))
        {
            while (json.ReadName())
            {
                if (json.ValueTextEquals("name"u8))
                {
                    name = json.ReadText();
                }
                else if (json.ValueTextEquals("arguments"u8))
                {
                    arguments = json;
                    hasArguments = json.Enter(JsonTokenType.String);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return hasArguments;
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
