using System.Text;
using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Search;

/// <summary>A hit as two lines to read: the conversation, and what is said there with the words in bold.</summary>
internal static class HitLines
{
    public static string Heading(SearchHit hit, TimeZoneInfo zone) =>
        $"{hit.SessionId}  {SessionTable.Shown(hit.CreateTime, zone)}  {hit.SessionTitle}";

    public static IEnumerable<(string Text, bool IsBold)> Snippet(SearchHit hit)
    {
        var author = hit.Author.Length > 0 ? hit.Author : "you";
        yield return (
            hit.MessageId.Length > 0 ? $"    {author} ({MessageName.Of(hit.MessageId)}): " : "    the title: ", false);

        // Spans count scalars, which have one or two of a string's units.
        var scalars = hit.Snippet.EnumerateRunes().ToArray();
        var at = 0;
        foreach (var match in hit.Matches.OrderBy(match => match.Start))
        {
            var start = Math.Clamp(match.Start, at, scalars.Length);
            var end = Math.Clamp(match.End, start, scalars.Length);
            yield return (Text(scalars.AsSpan(at, start - at)), false);
            yield return (Text(scalars.AsSpan(start, end - start)), true);
            at = end;
        }

        yield return (Text(scalars.AsSpan(at)), false);
    }

    private static string Text(ReadOnlySpan<Rune> scalars)
    {
        var text = new StringBuilder(scalars.Length);
        foreach (var scalar in scalars)
        {
            _ = text.Append(scalar);
        }

        return text.ToString();
    }
}
