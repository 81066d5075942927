namespace ChatGrpc.Model;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
internal static class NearNames
{
    // Three edits is about what a typo or a forgotten suffix makes; beyond that a suggestion confuses.
    private const int MaxEdits = 3;

    /// <summary>" Did you mean x?" or, with nothing near, an empty text.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var near = known
            .Select(candidate => (candidate, edits: Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.edits <= Math.Min(MaxEdits, Math.Max(name.Length, pair.candidate.Length) / 2))
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
        return near is null ? "" : $" Did you mean {near}?";
    }

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
