using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Reads the usage that an endpoint reports.</summary>
internal static class OpenAIUsageReader
{
    /// <summary>The value of the name at which the reader stands; null: none was reported.</summary>
    public static Usage? Read(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return null;
        }

        var usage = new Usage { Source = UsageSource.Measured };
        while (json.ReadName())
        {
            if (json.ValueTextEquals("prompt_tokens"u8))
            {
                usage.PromptTokens = json.ReadCount();
            }
            else if (json.ValueTextEquals("completion_tokens"u8))
            {
                usage.CompletionTokens = json.ReadCount();
            }
            else if (json.ValueTextEquals("prompt_tokens_details"u8))
            {
                usage.CachedTokens = ReadDetail(ref json, "cached_tokens"u8);
            }
            else if (json.ValueTextEquals("completion_tokens_details"u8))
            {
                usage.ReasoningTokens = ReadDetail(ref json, "reasoning_tokens"u8);
            }
            else
            {
                json.Skip();
            }
        }

        return usage;
    }

    private static long ReadDetail(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        var count = 0L;
        if (json.Enter(JsonTokenType.StartObject))
        {
            while (json.ReadName())
            {
                if (json.ValueTextEquals(name))
                {
                    count = json.ReadCount();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return count;
    }
}
