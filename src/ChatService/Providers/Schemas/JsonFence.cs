namespace ChatGrpc.Providers.Schemas;

/// <summary>
/// Takes the lines ```json and ``` from around a text that comes in pieces. Only what may be a piece of them is held
/// back. What follows a closing one leaves it where it is: such an answer is wrong either way.
/// </summary>
/// <param name="isInside">The text is the rest of one whose beginning was read.</param>
internal sealed class JsonFence(bool isInside)
{
    private const string Mark = "```";

    // Longer than any line that opens or closes a fence; what goes on for longer is none.
    private const int MostHeld = 64;

    private string _held = "";
    private bool _isInside = isInside;
    private bool _isFenced = isInside;

    /// <summary>What is known to be text.</summary>
    public string Read(string delta)
    {
        var text = _held + delta;
        if (!_isInside)
        {
            var start = Opening(text);
            if (start < 0)
            {
                _held = text;
                return "";
            }

            _isInside = true;
            _isFenced = start > 0;
            text = text[start..];
        }

        var end = _isFenced ? Closing(text) : text.Length;
        _held = text[end..];
        return text[..end];
    }

    /// <summary>What is held at the end of the text, without a closing mark.</summary>
    public string End() => _isFenced && _held.Trim() == Mark ? Taken("") : Release();

    /// <summary>What is held, whatever it is.</summary>
    public string Release() => Taken(_held);

    private string Taken(string text)
    {
        _held = "";
        return text;
    }

    // Where the text behind an opening line begins; 0: there is none; below 0: it cannot be told yet.
    private static int Opening(string text)
    {
        var mark = text.AsSpan().TrimStart();
        var line = mark.StartsWith(Mark) ? Line(mark) : Mark.AsSpan().StartsWith(mark) ? -1 : 0;
        return line > 0 ? text.Length - mark.Length + line
            : line < 0 && text.Length <= MostHeld ? line
            : 0;
    }

    // The length of an opening line with its end; 0: it is another line; below 0: it has not ended.
    private static int Line(ReadOnlySpan<char> mark)
    {
        var end = mark.IndexOf('\n');
        var word = (end < 0 ? mark : mark[..end])[Mark.Length..].TrimEnd();
        foreach (var unit in word)
        {
            if (!char.IsAsciiLetter(unit))
            {
                return 0;
            }
        }

        return end < 0 ? -1 : end + 1;
    }

    // Where the longest end of the text begins that may be white space, a closing mark and white space.
    private static int Closing(string text)
    {
        var (blank, marks) = (text.AsSpan().TrimEnd().Length, 0);
        var at = blank;
        while (at > 0 && marks < Mark.Length && text[at - 1] == Mark[0])
        {
            (at, marks) = (at - 1, marks + 1);
        }

        // White space ends a mark: with two of three it is none.
        at = marks == Mark.Length || blank == text.Length ? text.AsSpan(0, at).TrimEnd().Length : blank;
        return text.Length - at > MostHeld ? text.Length : at;
    }
}
