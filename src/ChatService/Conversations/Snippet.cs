using System.Text;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;

namespace ChatGrpc.Conversations;

/// <summary>The part of a text that shows why it was found.</summary>
internal static class Snippet
{
    // About two lines of a list, with some words before the first place.
    private const int Scalars = 200;
    private const int ScalarsBefore = 50;

    /// <summary>Sets the hit's snippet and the places of the terms in it.</summary>
    public static void Show(SearchHit hit, string text, IReadOnlyList<string> terms)
    {
        var (folded, places) = FoldedText.WithPlaces(text);
        var first = terms.Select(term => folded.IndexOf(term, StringComparison.Ordinal)).Where(at => at >= 0)
            .DefaultIfEmpty(0).Min();
        var runes = text.EnumerateRunes().ToArray();
        var start = places.Count == 0 ? 0 : Math.Max(0, places[first].Start - ScalarsBefore);
        start = Math.Max(0, Math.Min(start, runes.Length - Scalars));
        var end = Math.Min(runes.Length, start + Scalars);

        hit.Snippet = OneLine(runes.AsSpan(start, end - start));
        foreach (var (from, to) in Merged(Places(folded, places, terms, end)))
        {
            if (to > start && from < end)
            {
                hit.Matches.Add(
                    new TextSpan { Start = Math.Max(from, start) - start, End = Math.Min(to, end) - start });
            }
        }
    }

    private static IEnumerable<(int Start, int End)> Places(
        string folded, IReadOnlyList<(int Start, int End)> places, IReadOnlyList<string> terms, int end)
    {
        foreach (var term in terms)
        {
            for (var at = folded.IndexOf(term, StringComparison.Ordinal);
                at >= 0 && places[at].Start < end;
                at = folded.IndexOf(term, at + 1, StringComparison.Ordinal))
            {
                yield return (places[at].Start, places[at + term.Length - 1].End);
            }
        }
    }

    // Terms may overlap, and stand beside each other.
    private static IEnumerable<(int Start, int End)> Merged(IEnumerable<(int Start, int End)> spans)
    {
        var last = default((int Start, int End)?);
        foreach (var span in spans.Order())
        {
            if (last is { } open && span.Start < open.End)
            {
                last = (open.Start, Math.Max(open.End, span.End));
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = span;
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    // One scalar for each, so that places stay where they are.
    private static string OneLine(ReadOnlySpan<Rune> runes)
    {
        var line = new StringBuilder(runes.Length);
        foreach (var rune in runes)
        {
            line.Append(Rune.IsWhiteSpace(rune) || SessionTitle.IsDropped(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }
}
