using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>
/// Reads the chunks of one answer, each from the bytes of its event. What is allocated for a delta is its text.
/// </summary>
internal sealed class OpenAIChunkReader(OpenAIErrors errors, List<ModelEvent> events)
{
    private readonly WireText _answer = new();
    private readonly WireText _reasoning = new();
    private string _finishReason = "";
    private bool _refused;

    /// <summary>A delta of text came.</summary>
    public bool HasText { get; private set; }

    /// <summary>Appends what the event says to the events; true: it was the answer's last.</summary>
    public bool Read(string eventType, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty)
        {
            return false;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            Finish();
            return true;
        }

        try
        {
            if (ReadChunk(data) && eventType != "error")
            {
                return false;
            }

            var body = OpenAIErrorBody.Parse(data.ToArray()) ?? OpenAIErrorBody.None;
            events.Add(ModelEvent.Failed(errors.InStream(body)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the JSON library throws at a name that holds half a character.
            events.Add(ModelEvent.Failed(errors.Malformed()));
        }

        return true;
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
                    events.Add(ModelEvent.Used(usage));
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
                _ = json.Read();
                if (json.TokenType == JsonTokenType.String)
                {
                    _finishReason = new WireText().Read(ref json);
                }
                else
                {
                    json.Skip();
                }
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
                AddText(ref json, _answer);
            }
            else if (json.ValueTextEquals("refusal"u8))
            {
                // The model's own words of refusal are its answer; that they refuse is told by the finish reason.
                _refused |= AddText(ref json, _answer);
            }
            else if (!hasReasoning
                && (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8)))
            {
                // Some servers send the same text under both names.
                hasReasoning = AddText(ref json, _reasoning);
            }
            else
            {
                json.Skip();
            }
        }
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
            HasText = true;
            events.Add(text == _answer ? ModelEvent.Answer(delta) : ModelEvent.Reasoning(delta));
        }
    }

    private void Finish()
    {
        Add(_reasoning.Flush(), _reasoning);
        Add(_answer.Flush(), _answer);

        // A router's word for a model that broke down, without the error that should have come with it.
        events.Add(_finishReason == "error"
            ? ModelEvent.Failed(errors.InStream(OpenAIErrorBody.None))
            : ModelEvent.Finished(Mapped(), _finishReason));
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
