using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>A message that came in one piece: its blocks are whole, and so is its usage.</summary>
internal sealed partial class AnthropicChunkReader
{
    protected override bool ReadBody(ReadOnlySpan<byte> data)
    {
        var message = new Utf8JsonReader(data);
        message.Expect(JsonTokenType.StartObject);
        var isMessage = false;
        while (message.ReadName())
        {
            if (message.ValueTextEquals("content"u8))
            {
                isMessage = ReadBlocks(ref message, data);
            }
            else if (message.ValueTextEquals("stop_reason"u8))
            {
                _stopReason = message.ReadText();
            }
            else if (message.ValueTextEquals("usage"u8))
            {
                if (_usage.Read(ref message))
                {
                    Events.Add(ModelEvent.Used(_usage.Total));
                }
            }
            else
            {
                message.Skip();
            }
        }

        // Throws if something follows the object.
        _ = message.Read();
        return isMessage && Finish(Mapped(), _stopReason);
    }

    // True: these are the blocks of a whole answer.
    private bool ReadBlocks(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return false;
        }

        for (var index = 0; json.Read() && json.TokenType == JsonTokenType.StartObject; index++)
        {
            ReadBlock(ref json, index, data);
        }

        return true;
    }
}
