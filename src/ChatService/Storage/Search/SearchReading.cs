using System.Text;
using Chat.V1;

namespace ChatGrpc.Storage.Search;

/// <summary>Looks at what an index proposes, and makes pages of what really has the terms: the same for every store.</summary>
internal static class SearchReading
{
    // A page is made from no more than these, so that one search takes no longer than about 100 ms: texts that have the
    // pairs of a term and not the term are rare, but who looks for them can have them.
    private const int MaxLookedAt = 5_000;
    private const long MaxCharacters = 8_000_000;

    /// <summary>What of a message is searched.</summary>
    public static string TextOf(IEnumerable<Part> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts.Where(part => part.ContentCase == Part.ContentOneofCase.Text))
        {
            _ = (text.Length > 0 ? text.Append('\n') : text).Append(part.Text);
        }

        return text.ToString();
    }

    /// <param name="candidates">The last saved first; read no further than needed.</param>
    public static SearchPage Page(IEnumerable<SearchedText> candidates, SearchQuery query)
    {
        var found = new List<SearchedText>();
        var (lookedAt, characters) = (0, 0L);
        foreach (var candidate in candidates)
        {
            if (SearchTerms.AllIn(FoldedText.Of(candidate.Text), query.Terms))
            {
                if (found.Count == query.Limit)
                {
                    return new SearchPage(found, found[^1].Number);
                }

                found.Add(candidate);
            }

            lookedAt++;
            characters += candidate.Text.Length;
            if (lookedAt >= MaxLookedAt || characters >= MaxCharacters)
            {
                return new SearchPage(found, candidate.Number);
            }
        }

        return new SearchPage(found, null);
    }

    /// <summary>Two runs of numbers, each the greatest first, as one.</summary>
    public static IEnumerable<long> Merged(IEnumerable<long> one, IEnumerable<long> other)
    {
        using var left = one.GetEnumerator();
        using var right = other.GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var isLeft = hasLeft && (!hasRight || left.Current > right.Current);
            yield return isLeft ? left.Current : right.Current;
            hasLeft = isLeft ? left.MoveNext() : hasLeft;
            hasRight = isLeft ? hasRight : right.MoveNext();
        }
    }
}
