namespace ChatGrpc.Conversations;

/// <summary>
/// Finds the code block that a text leaves open, by CommonMark's rules for fences: an answer that was cut in the middle
/// of code would make code of all that comes after it.
/// </summary>
internal sealed class OpenFence
{
    private const int TabStop = 4;

    // Behind more spaces than these a fence is none.
    private const int MaxIndent = 3;
    private const int MinLength = 3;

    private static readonly string[] LineEnds = ["\r\n", "\n", "\r"];

    // The columns at which the contents of the list items begin that are open, the innermost last.
    private readonly List<int> _items = [];
    private char _sign;
    private int _length;
    private int _column;

    private bool IsOpen => _length > 0;

    private int Inner => _items.Count > 0 ? _items[^1] : 0;

    /// <returns>The line that closes it, with its end; empty: there is none.</returns>
    public static string ClosingOf(string text)
    {
        var fence = new OpenFence();
        foreach (var line in text.Split(LineEnds, StringSplitOptions.None))
        {
            fence.Read(line);
        }

        // As deep as it began: in a list it is closed within the item, and elsewhere nothing speaks against it.
        return fence.IsOpen
            ? $"{new string(' ', fence._column)}{new string(fence._sign, fence._length)}\n"
            : "";
    }

    private void Read(ReadOnlySpan<char> line)
    {
        var (at, column) = SkipBlanks(line, 0, 0);
        if (at == line.Length)
        {
            return;
        }

        // What stands further to the left than an item's content ends the item, and a code block in it.
        if (column < Inner)
        {
            _length = 0;
            _ = _items.RemoveAll(item => item > column);
        }

        if (IsOpen)
        {
            ReadInside(line[at..], column);
            return;
        }

        while (at < line.Length && column - Inner <= MaxIndent)
        {
            if (FenceLength(line[at..]) is var length && length >= MinLength)
            {
                (_sign, _length, _column) = (line[at], length, column);
                return;
            }

            var marker = MarkerLength(line[at..]);
            if (marker == 0)
            {
                return;
            }

            var (next, nextColumn) = SkipBlanks(line, at + marker, column + marker);

            // Behind a marker that is alone, or far from its text, the content begins after one space.
            var isFar = next == line.Length || nextColumn - column - marker > TabStop;
            _items.Add(isFar ? column + marker + 1 : nextColumn);
            (at, column) = (next, nextColumn);
        }
    }

    private void ReadInside(ReadOnlySpan<char> rest, int column)
    {
        var run = RunLength(rest, _sign);
        if (column - Inner <= MaxIndent && run >= _length && rest[run..].Trim(" \t").IsEmpty)
        {
            _length = 0;
        }
    }

    // Behind backticks no other may follow in the line: that is code within a text.
    private static int FenceLength(ReadOnlySpan<char> rest)
    {
        var length = rest[0] is '`' or '~' ? RunLength(rest, rest[0]) : 0;
        return rest[0] == '`' && rest[length..].Contains('`') ? 0 : length;
    }

    private static int RunLength(ReadOnlySpan<char> rest, char sign)
    {
        var end = rest.IndexOfAnyExcept(sign);
        return end < 0 ? rest.Length : end;
    }

    // Of a list's item: a sign, or a number of up to nine digits with a point or a parenthesis. 0: it is none.
    private static int MarkerLength(ReadOnlySpan<char> rest)
    {
        var digits = Math.Max(0, rest.IndexOfAnyExceptInRange('0', '9'));
        var isMarker = digits == 0 ? rest[0] is '-' or '*' or '+'
            : digits <= 9 && digits < rest.Length && rest[digits] is '.' or ')';
        var length = digits + 1;
        return isMarker && (length == rest.Length || rest[length] is ' ' or '\t') ? length : 0;
    }

    private static (int At, int Column) SkipBlanks(ReadOnlySpan<char> line, int at, int column)
    {
        for (; at < line.Length && line[at] is ' ' or '\t'; at++)
        {
            column += line[at] == '\t' ? TabStop - (column % TabStop) : 1;
        }

        return (at, column);
    }
}
