using System.Text;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Ndjson;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Reads the lines of a streamed chat.</summary>
internal sealed class OllamaChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private int _toolCalls;

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        NdjsonReader.ReadAsync(body, line => Read("", line), cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var isError = false;
        var isDone = false;
        var reason = "";
        var promptTokens = 0L;
        var completionTokens = 0L;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("message"u8))
            {
                ReadMessage(ref json, data);
            }
            else if (json.ValueTextEquals("done"u8))
            {
                _ = json.Read();
                isDone = json.TokenType == JsonTokenType.True;
                json.Skip();
            }
            else if (json.ValueTextEquals("done_reason"u8))
            {
                reason = json.ReadText() ?? "";
            }
            else if (json.ValueTextEquals("prompt_eval_count"u8))
            {
                promptTokens = json.ReadCount();
            }
            else if (json.ValueTextEquals("eval_count"u8))
            {
                completionTokens = json.ReadCount();
            }
            else if (json.ValueTextEquals("error"u8))
            {
                isError = true;
                _ = json.Read();
                json.Skip();
            }
            else
            {
                json.Skip();
            }
        }

        // Throws if something follows the object.
        _ = json.Read();
        return isError ? FailByReport(data) : isDone && End(promptTokens, completionTokens, reason);
    }

    private bool End(long promptTokens, long completionTokens, string reason)
    {
        // Without either the line tells nothing: the usage is then reckoned.
        if (promptTokens + completionTokens > 0)
        {
            AddUsage(new Usage
            {
                PromptTokens = promptTokens,
                CompletionTokens = completionTokens,
                Source = UsageSource.Measured,
            });
        }

        return Finish(Mapped(reason), reason);
    }

    private void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("content"u8))
            {
                AddAnswer(ref json);
            }
            else if (json.ValueTextEquals("thinking"u8))
            {
                AddReasoning(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                ReadToolCalls(ref json, data);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadToolCalls(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.ReadName())
            {
                if (json.ValueTextEquals("function"u8) && json.Enter(JsonTokenType.StartObject))
                {
                    ReadFunction(ref json, data);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    // Whole calls without ids, their arguments as JSON itself and not as a string of it.
    private void ReadFunction(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        string? name = null;
        var arguments = "";
        while (json.ReadName())
        {
            if (json.ValueTextEquals("name"u8))
            {
                name = json.ReadText();
            }
            else if (json.ValueTextEquals("arguments"u8))
            {
                _ = json.Read();
                var start = (int)json.TokenStartIndex;
                json.Skip();
                arguments = Encoding.UTF8.GetString(data[start..(int)json.BytesConsumed]);
            }
            else
            {
                json.Skip();
            }
        }

        AddWholeToolCall(_toolCalls++, name, arguments);
    }

    // The wire has no word of its own for an answer that ends in calls.
    private FinishReason Mapped(string reason) => reason switch
    {
        "stop" when _toolCalls > 0 => FinishReason.ToolCalls,
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        _ => FinishReason.Unspecified,
    };
}
