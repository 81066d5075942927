using System.Text;

namespace ChatGrpc.Providers.Wire;

/// <summary>Makes a provider's own words fit to show to a client: one short line without the key.</summary>
internal static class SafeWords
{
    // A sentence or two; what is longer is a stack trace or an echo of the request.
    private const int MaxChars = 300;

    /// <summary>The words, or an empty text.</summary>
    /// <param name="secret">Never shown; null: there is none.</param>
    public static string From(string? words, string? secret)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return "";
        }

        if (!string.IsNullOrEmpty(secret))
        {
            words = words.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        }

        // Masked before it is cut: half a key at the end of the line would be shown.
        var line = new StringBuilder(Math.Min(words.Length, MaxChars));
        foreach (var rune in words.EnumerateRunes())
        {
            if (line.Length >= MaxChars)
            {
                return line.Append('…').ToString();
            }

            Append(line, rune);
        }

        return line.ToString().TrimEnd();
    }

    // Control characters would forge lines in a terminal or a log: each run of them is a space.
    private static void Append(StringBuilder line, Rune rune)
    {
        if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune))
        {
            _ = line.Append(rune.ToString());
        }
        else if (line.Length > 0 && line[^1] != ' ')
        {
            _ = line.Append(' ');
        }
    }
}
