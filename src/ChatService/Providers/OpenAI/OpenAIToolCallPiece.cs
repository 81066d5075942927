using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>What one chunk says of one tool call.</summary>
internal ref struct OpenAIToolCallPiece
{
    public int Index;
    public string Id;
    public string Name;

    /// <summary>
    /// At the string of the arguments, or at nothing. It waits here because the index may stand behind it.
    /// </summary>
    public Utf8JsonReader Arguments;

    /// <summary>The object in which the reader stands.</summary>
    public static OpenAIToolCallPiece Read(ref Utf8JsonReader json, int place)
    {
        var piece = new OpenAIToolCallPiece { Index = place, Id = "", Name = "" };
        while (json.ReadName())
        {
            if (json.ValueTextEquals("index"u8))
            {
                piece.Index = (int)Math.Min(json.ReadCount(), int.MaxValue);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                piece.Id = json.ReadText();
            }
            else if (json.ValueTextEquals("function"u8))
            {
                piece.ReadFunction(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return piece;
    }

    private void ReadFunction(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.ReadName())
        {
            if (json.ValueTextEquals("name"u8))
            {
                Name = json.ReadText();
            }
            else if (json.ValueTextEquals("arguments"u8))
            {
                if (json.Enter(JsonTokenType.String))
                {
                    Arguments = json;
                }
            }
            else
            {
                json.Skip();
            }
        }
    }
}
