using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Gathers the usage that a message tells in pieces, the last of them for the whole.</summary>
internal sealed class AnthropicUsage
{
    private long _input;
    private long _cacheRead;
    private long _cacheCreation;
    private long _output;

    /// <summary>The wire counts what it read from and wrote to the cache apart from the other input.</summary>
    public Usage Total => new()
    {
        PromptTokens = _input + _cacheRead + _cacheCreation,
        CachedTokens = _cacheRead,
        CompletionTokens = _output,
        Source = UsageSource.Measured,
    };

    /// <summary>Takes the value of the name at which the reader stands.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("input_tokens"u8))
            {
                _input = json.ReadCount();
            }
            else if (json.ValueTextEquals("cache_read_input_tokens"u8))
            {
                _cacheRead = json.ReadCount();
            }
            else if (json.ValueTextEquals("cache_creation_input_tokens"u8))
            {
                _cacheCreation = json.ReadCount();
            }
            else if (json.ValueTextEquals("output_tokens"u8))
            {
                _output = json.ReadCount();
            }
            else
            {
                json.Skip();
            }
        }
    }
}
