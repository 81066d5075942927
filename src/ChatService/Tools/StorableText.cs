using System.Globalization;
using System.Text;

namespace ChatGrpc.Tools;

/// <summary>
/// What others wrote, as every store and every wire takes it: half a surrogate pair and NUL become U+FFFD.
/// </summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';
    private const int EscapeLength = 6;

    public static string Of(string text)
    {
        if (IsStorable(text))
        {
            return text;
        }

        // A lone surrogate is enumerated as U+FFFD.
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value == 0 ? clean.Append(Replacement) : clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>Nothing in it has to be replaced.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same for JSON, where such units hide behind escapes.</summary>
    public static string OfJson(string json)
    {
        json = Of(json);
        if (!json.Contains(@"\u", StringComparison.Ordinal))
        {
            return json;
        }

        var clean = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            // What is escaped otherwise, a backslash above all, is copied with its backslash.
            var length = UnitAt(json, i) is { } unit ? StorableLength(unit, UnitAt(json, i + EscapeLength))
                : json[i] == '\\' && i + 1 < json.Length ? 2
                : 1;
            _ = length == 0 ? clean.Append(Replacement) : clean.Append(json, i, length);
            i += (length == 0 ? EscapeLength : length) - 1;
        }

        return clean.ToString();
    }

    // How long the escape is: one, a pair of surrogates, or 0 for what cannot be stored.
    private static int StorableLength(char unit, char? next) =>
        char.IsHighSurrogate(unit) && next is { } low && char.IsLowSurrogate(low) ? 2 * EscapeLength
        : unit == '\0' || char.IsSurrogate(unit) ? 0
        : EscapeLength;

    // Null: no escape of a unit begins there.
    private static char? UnitAt(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(
            json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
