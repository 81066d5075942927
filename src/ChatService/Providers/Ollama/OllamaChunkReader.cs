using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Ndjson;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Reads the lines of one streamed /api/chat.</summary>
internal sealed class OllamaChunkReader(WireErrors errors) : ChunkReader(errors)
{
    private int _toolCalls;

    public override IAsyncEnumerable<bool> ReadAllAsync(Stream body, CancellationToken cancellationToken) =>
        NdjsonReader.ReadAsync(body, line => Read("", line), cancellationToken);

    protected override bool ReadChunk(string eventType, ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Expect(JsonTokenType.StartObject);
        var end = default(OllamaEnd);
        var isError = false;
        while (json.ReadName())
        {
            if (json.ValueTextEquals("message"u8))
            {
                ReadMessage(ref json, data);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                _ = json.Read();
                isError = json.TokenType != JsonTokenType.Null;
                json.Skip();
            }
            else if (!end.Read(ref json))
            {
                json.Skip();
            }
        }

        // Throws if something follows the object.
        _ = json.Read();
        if (isError)
        {
            return Fail(Errors.InStream(WireErrorBody.Parse(data.ToArray()) ?? WireErrorBody.None));
        }

        return end.IsDone && Finish(end);
    }

    // A whole answer is what would be the last line of a stream, with all of the text.
    protected override bool ReadBody(ReadOnlySpan<byte> data) => ReadChunk("", data);

    private bool Finish(OllamaEnd end)
    {
        if (end.Usage is { } usage)
        {
            Events.Add(ModelEvent.Used(usage));
        }

        return Finish(Mapped(end.Reason), end.Reason);
    }

    // "stop" is also Ollama's word for an answer that calls tools. "load" and "unload" tell of a model that was moved
    // and said nothing: that is no way for an answer to end.
    private FinishReason Mapped(string reason) => reason switch
    {
        "stop" when _toolCalls > 0 => FinishReason.ToolCalls,
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        _ => FinishReason.Unspecified,
    };

    private void ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        // Content stands before thinking, but a line that has both holds the end of the one and the beginning of the
        // other: it is read when the rest was.
        var content = default(Utf8JsonReader);
        var calls = default(Utf8JsonReader);
        while (json.ReadName())
        {
            if (json.ValueTextEquals("thinking"u8))
            {
                _ = AddReasoning(ref json);
                continue;
            }

            if (json.ValueTextEquals("content"u8))
            {
                content = json;
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                calls = json;
            }

            json.Skip();
        }

        if (content.TokenType == JsonTokenType.PropertyName)
        {
            _ = AddAnswer(ref content);
        }

        if (calls.TokenType == JsonTokenType.PropertyName)
        {
            ReadToolCalls(ref calls, data);
        }
    }

    private void ReadToolCalls(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            ReadToolCall(ref json, data);
        }
    }

    // A call comes whole, its arguments as an object, and in most versions without an id.
    private void ReadToolCall(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        var (id, name, arguments) = ("", "", "");
        while (json.ReadName())
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = json.ReadText();
            }
            else if (!json.ValueTextEquals("function"u8))
            {
                json.Skip();
            }
            else if (json.Enter(JsonTokenType.StartObject))
            {
                while (json.ReadName())
                {
                    if (json.ValueTextEquals("name"u8))
                    {
                        name = json.ReadText();
                    }
                    else if (json.ValueTextEquals("arguments"u8))
                    {
                        arguments = json.ReadRaw(data);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
        }

        // Counted here: some versions give no index, and others begin anew in each line.
        AddToolCall(new ModelToolCall(_toolCalls++, id, name), arguments);
    }
}
