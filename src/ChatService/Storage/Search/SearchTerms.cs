namespace ChatGrpc.Storage.Search;

/// <summary>
/// What is searched for: words between white space; what stands between double quotes is one, with its spaces. In
/// folded text; each once.
/// </summary>
internal static class SearchTerms
{
    /// <summary>Null: a quote has no other one.</summary>
    public static IReadOnlyList<string>? Read(string query)
    {
        var terms = new List<string>();
        var pieces = query.Split('"');
        if (pieces.Length % 2 == 0)
        {
            return null;
        }

        for (var i = 0; i < pieces.Length; i++)
        {
            var folded = FoldedText.Of(pieces[i]).Trim(' ');
            terms.AddRange(
                i % 2 == 1 ? [folded] : folded.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. terms.Where(term => term.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>It has a pair of scalars, by which the index finds it.</summary>
    public static bool IsIndexed(string term) => term.EnumerateRunes().Skip(1).Any();

    public static bool AllIn(string folded, IReadOnlyList<string> terms) =>
        terms.All(term => folded.Contains(term, StringComparison.Ordinal));
}
