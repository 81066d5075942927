using System.Text;
using Chat.V1;

namespace ChatGrpc.Storage.Search;

/// <summary>
/// Looks at what an index proposes, and makes pages of what really has the terms: the same for every store.
/// </summary>
internal static class SearchReading
{
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
        var page = new SearchPageMaking(query);
        foreach (var candidate in candidates)
        {
            if (page.Add(candidate) is { } made)
            {
                return made;
            }
        }

        return page.Last;
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
