using System.Text;
using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>Steps through JSON of which only some members matter.</summary>
internal static class WireJson
{
    /// <summary>Moves to the next name of the object that the reader is in; false: the object ended.</summary>
    public static bool ReadName(this ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>
    /// Moves to the value of the name at which the reader stands; false: it is null or something else, and skipped.
    /// </summary>
    public static bool Enter(this ref Utf8JsonReader json, JsonTokenType type)
    {
        _ = json.Read();
        if (json.TokenType == type)
        {
            return true;
        }

        json.Skip();
        return false;
    }

    /// <summary>The value of the name at which the reader stands, as a count; 0 if it is none.</summary>
    public static long ReadCount(this ref Utf8JsonReader json) =>
        json.Enter(JsonTokenType.Number) && json.TryGetInt64(out var count) ? Math.Max(0, count) : 0;

    /// <summary>The value of the name at which the reader stands, as text; empty if it is none.</summary>
    public static string ReadText(this ref Utf8JsonReader json) =>
        json.Enter(JsonTokenType.String) ? new WireText().Read(ref json) : "";

    /// <summary>The value of the name at which the reader stands, as it stands there: nothing of it is lost.</summary>
    /// <param name="data">All that the reader reads.</param>
    public static string ReadRaw(this ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        _ = json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return Encoding.UTF8.GetString(data[start..(int)json.BytesConsumed]);
    }

    /// <summary>Moves on, to that token and no other.</summary>
    /// <exception cref="JsonException">Something else is there.</exception>
    public static void Expect(this ref Utf8JsonReader json, JsonTokenType type)
    {
        _ = json.Read();
        if (json.TokenType != type)
        {
            throw new JsonException();
        }
    }
}
