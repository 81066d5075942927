namespace ChatGrpc.Storage.Search;

/// <summary>A page of a search in the making: what is proposed is looked at, until it is full or has cost enough.</summary>
internal sealed class SearchPageMaking(SearchQuery query)
{
    // One search takes no longer than about 100 ms: texts that have the pairs of a term and not the term are rare, but
    // who looks for them can have them.
    private const int MaxLookedAt = 5_000;
    private const long MaxCharacters = 8_000_000;

    private readonly List<SearchedText> _found = [];
    private int _lookedAt;
    private long _characters;

    /// <summary>The page when nothing more is proposed.</summary>
    public SearchPage Last => new(_found, null);

    /// <returns>The page, if this was enough; null: go on.</returns>
    public SearchPage? Add(SearchedText candidate)
    {
        if (SearchTerms.AllIn(FoldedText.Of(candidate.Text), query.Terms))
        {
            if (_found.Count == query.Limit)
            {
                return new SearchPage(_found, _found[^1].Number);
            }

            _found.Add(candidate);
        }

        _lookedAt++;
        _characters += candidate.Text.Length;
        return _lookedAt >= MaxLookedAt || _characters >= MaxCharacters
            ? new SearchPage(_found, candidate.Number)
            : null;
    }
}
