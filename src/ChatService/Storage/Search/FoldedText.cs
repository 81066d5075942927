using System.Text;

namespace ChatGrpc.Storage.Search;

/// <summary>
/// A text as searching compares it: each scalar by <see cref="FoldingTable"/>, pieces of Hangul as the syllables that
/// they make, white space as one space. Keeps, if it is asked to, which scalars of the text each character came from.
/// </summary>
internal sealed class FoldedText
{
    private readonly StringBuilder _folded;
    private readonly List<(int Start, int End)>? _places;

    private FoldedText(int length, bool keepsPlaces)
    {
        _folded = new StringBuilder(length);
        _places = keepsPlaces ? new List<(int, int)>(length) : null;
    }

    /// <summary>The text alone.</summary>
    public static string Of(string text)
    {
        var folded = new FoldedText(text.Length, keepsPlaces: false);
        folded.Fold(text);
        return folded._folded.ToString();
    }

    /// <summary>
    /// And for each of its UTF-16 units the scalars that it stands for: the first one, and the one behind the last.
    /// </summary>
    public static (string Text, IReadOnlyList<(int Start, int End)> Places) WithPlaces(string text)
    {
        var folded = new FoldedText(text.Length, keepsPlaces: true);
        folded.Fold(text);
        return (folded._folded.ToString(), folded._places!);
    }

    private void Fold(string text)
    {
        var scalar = 0;
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && !char.IsAsciiLetterUpper((char)rune.Value))
            {
                Append((char)rune.Value, scalar);
            }
            else if (FoldingTable.Of(rune) is not { } folded)
            {
                foreach (var unit in units[..rune.EncodeToUtf16(units)])
                {
                    Append(unit, scalar);
                }
            }
            else if (folded.Length == 0)
            {
                Extend(scalar);
            }
            else
            {
                foreach (var unit in folded)
                {
                    Append(unit, scalar);
                }
            }

            scalar++;
        }
    }

    private void Append(char unit, int scalar)
    {
        var last = _folded.Length > 0 ? _folded[^1] : ' ';
        if (char.IsWhiteSpace(unit))
        {
            if (last == ' ')
            {
                Extend(scalar);
                return;
            }

            unit = ' ';
        }
        else if (Hangul.Join(last, unit) is { } syllable)
        {
            _folded[^1] = syllable;
            Extend(scalar);
            return;
        }

        _folded.Append(unit);
        _places?.Add((scalar, scalar + 1));
    }

    // A mark belongs to what is before it.
    private void Extend(int scalar)
    {
        if (_places is { Count: > 0 })
        {
            _places[^1] = (_places[^1].Start, scalar + 1);
        }
    }
}
