using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>What a line says about the end of its answer, which only the last one does.</summary>
internal struct OllamaEnd
{
    private long? _promptTokens;
    private long? _completionTokens;
    private string? _reason;

    /// <summary>The line is the answer's last.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Ollama's own word; empty: it gives none.</summary>
    public readonly string Reason => _reason ?? "";

    /// <summary>
    /// Null: nothing was counted. Versions that count only what they had to read leave the prompt out where all of it
    /// was in the cache: their count is 0.
    /// </summary>
    public readonly Usage? Usage => (_promptTokens ?? _completionTokens) is null ? null : new()
    {
        PromptTokens = _promptTokens ?? 0,
        CompletionTokens = _completionTokens ?? 0,
        Source = UsageSource.Measured,
    };

    /// <summary>Reads the value of the name at which the reader stands; false: it is none of the end's.</summary>
    public bool Read(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("done"u8))
        {
            _ = json.Read();
            IsDone = json.TokenType == JsonTokenType.True;
            json.Skip();
        }
        else if (json.ValueTextEquals("done_reason"u8))
        {
            _reason = json.ReadText();
        }
        else if (json.ValueTextEquals("prompt_eval_count"u8))
        {
            _promptTokens = json.ReadCount();
        }
        else if (json.ValueTextEquals("eval_count"u8))
        {
            _completionTokens = json.ReadCount();
        }
        else
        {
            return false;
        }

        return true;
    }
}
