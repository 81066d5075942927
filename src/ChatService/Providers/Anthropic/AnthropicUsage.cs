using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>
/// The usage of one answer. The start of the message has the prompt's counts, its end the answer's, and sometimes the
/// prompt's again; all of them are totals so far, so that the largest is the last.
/// </summary>
internal sealed class AnthropicUsage
{
    // Far above any count, and small enough that three of them can be added.
    private const long MaxCount = 1L << 60;

    private long _uncached;
    private long _cacheWritten;
    private long _cacheRead;
    private long _answer;
    private long _thinking;

    public Usage Total => new()
    {
        // Their input_tokens are what no cache was used for; ours is the whole prompt.
        PromptTokens = _uncached + _cacheWritten + _cacheRead,
        CachedTokens = _cacheRead,
        CompletionTokens = _answer,
        ReasoningTokens = _thinking,
        Source = UsageSource.Measured,
    };

    /// <summary>The value of the name at which the reader stands; false: it is none.</summary>
    public bool Read(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return false;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("input_tokens"u8))
            {
                Raise(ref _uncached, ref json);
            }
            else if (json.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                Raise(ref _cacheWritten, ref json);
            }
            else if (json.ValueTextEquals("cache_read_input_tokens"u8))
            {
                Raise(ref _cacheRead, ref json);
            }
            else if (json.ValueTextEquals("output_tokens"u8))
            {
                Raise(ref _answer, ref json);
            }
            else if (json.ValueTextEquals("output_tokens_details"u8))
            {
                ReadDetails(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return true;
    }

    private void ReadDetails(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("thinking_tokens"u8))
            {
                Raise(ref _thinking, ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static void Raise(ref long count, ref Utf8JsonReader json) =>
        count = Math.Max(count, Math.Min(json.ReadCount(), MaxCount));
}
