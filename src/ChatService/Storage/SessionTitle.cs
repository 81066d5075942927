using System.Globalization;
using System.Text;
using Chat.V1;

namespace ChatGrpc.Storage;

/// <summary>
/// Names a session after its first message: the first line that says something, without what a title has no use for,
/// cut between words where it is long. Text is anybody's, so nothing of it is taken for granted.
/// </summary>
internal static class SessionTitle
{
    // What a list shows in one line beside other columns; counted in what a reader takes for characters.
    private const int MaxCharacters = 60;

    // The contract's bound on a title: hundreds of marks can pile up on a single character.
    public const int MaxScalars = 200;

    // A character that does not end within these is longer than a title may be, and does not become part of it.
    private const int MaxScalarsRead = 2 * MaxScalars;

    private const string Ellipsis = "…";
    private const string OfAnImage = "Image";
    private const string OfNothing = "Untitled";

    public static string Of(IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part.ContentCase == Part.ContentOneofCase.Text && FirstLine(part.Text) is { } line)
            {
                return Shortened(line);
            }
        }

        return parts.Any(part => part.ContentCase == Part.ContentOneofCase.Image) ? OfAnImage : OfNothing;
    }

    /// <summary>A session may be called so: one line, with something to see, and nothing that breaks a list.</summary>
    public static bool IsOne(string title) =>
        !string.IsNullOrWhiteSpace(title) && !title.EnumerateRunes().Any(BreaksLine)
        && (title.Length <= MaxScalars || title.EnumerateRunes().Count() <= MaxScalars);

    public static bool BreaksLine(Rune rune) => IsDropped(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // The beginning of the first line that has something to see in it; null: there is none.
    private static string? FirstLine(string text)
    {
        var line = new StringBuilder();
        var (scalars, isVisible) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsLineBreak(rune))
            {
                if (isVisible)
                {
                    break;
                }

                line.Clear();
                scalars = 0;
            }
            else if (Rune.IsWhiteSpace(rune))
            {
                if (line is { Length: > 0 } && line[^1] != ' ')
                {
                    line.Append(' ');
                    scalars++;
                }
            }
            else if (!IsDropped(rune))
            {
                line.Append(rune.ToString());
                scalars++;
                isVisible |= IsVisible(rune);
            }

            if (scalars >= MaxScalarsRead)
            {
                if (isVisible)
                {
                    break;
                }

                line.Clear();
                scalars = 0;
            }
        }

        return isVisible ? line.ToString().TrimEnd(' ') : null;
    }

    private static string Shortened(string line)
    {
        var (end, lastBreak, characters, scalars) = (0, 0, 0, 0);
        while (end < line.Length)
        {
            var length = StringInfo.GetNextTextElementLength(line, end);
            scalars += line.Substring(end, length).EnumerateRunes().Count();
            if (characters == MaxCharacters || scalars >= MaxScalars)
            {
                return Cut(line, end, lastBreak);
            }

            if (length == 1 && line[end] == ' ')
            {
                lastBreak = end;
            }

            end += length;
            characters++;
        }

        return line;
    }

    // Between words, unless that would take away more than half of what there is room for.
    private static string Cut(string line, int end, int lastBreak)
    {
        var isBetweenWords = line[end] == ' ';
        var kept = isBetweenWords || lastBreak < end / 2 ? line[..end] : line[..lastBreak];
        return kept.Length == 0 ? OfNothing : kept.TrimEnd(' ') + Ellipsis;
    }

    private static bool IsLineBreak(Rune rune) =>
        rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029;

    // Marks that turn the direction of text also turn what a list has beside the title.
    public static bool IsDropped(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF;

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark);
}
