using System.Text;

namespace ChatGrpc.Client.Rendering;

/// <summary>
/// Styles Markdown on a terminal as it comes. It adds styles and nothing else: without them the text is the answer,
/// character for character, so that what only looks like Markdown is never lost. A run of marks at the end of a delta
/// waits for the character after it; nothing else waits.
/// </summary>
internal sealed class MarkdownStyler
{
    private const int ShortestFence = 3;
    private const int LargestHeading = 6;

    private readonly StringBuilder _out = new();
    private TextStyle _shown;
    private char _mark;
    private int _marks;
    private char _before = '\n';
    private bool _lineHasText;
    private bool _bold;
    private bool _italic;
    private bool _heading;
    private bool _fenceLine;
    private int _codeMarks;
    private char _fence;
    private int _fenceMarks;

    /// <summary>The styled form of the next delta.</summary>
    public string Write(string delta)
    {
        foreach (var unit in delta)
        {
            Take(unit);
        }

        return TakeOut();
    }

    /// <summary>What waited for more, and the end of every style.</summary>
    public string End()
    {
        Decide('\n');
        (_bold, _italic, _heading, _fenceLine, _codeMarks, _fence) = (false, false, false, false, 0, '\0');
        (_before, _lineHasText) = ('\n', false);
        Show(TextStyle.Plain);
        return TakeOut();
    }

    private void Take(char unit)
    {
        if (_marks > 0 && unit == _mark)
        {
            _marks++;
            return;
        }

        Decide(unit);
        if (unit is '*' or '_' or '`' or '~' or '#')
        {
            (_mark, _marks) = (unit, 1);
            return;
        }

        if (unit == '\n')
        {
            EndLine();
        }

        Put(unit, 1, unit == '\n' ? TextStyle.Plain : Current());
        _lineHasText = unit != '\n' && (_lineHasText || unit is not (' ' or '\t'));
    }

    private void EndLine()
    {
        _heading = _fenceLine = false;
        if (!_lineHasText)
        {
            // An empty line ends a paragraph, and with it what was opened and never closed.
            (_bold, _italic, _codeMarks) = (false, false, 0);
        }
    }

    // What the run of marks is can be said once the character after it is known.
    private void Decide(char after)
    {
        if (_marks == 0)
        {
            return;
        }

        var marks = _marks;
        var style = IsFence() ? Fence(marks)
            : _fence != '\0' ? TextStyle.Code
            : _mark == '#' ? Heading(marks, after)
            : _mark == '`' ? InlineCode(marks)
            : _codeMarks > 0 || _mark == '~' ? Current()
            : Emphasis(marks, after);
        Put(_mark, marks, style);
        _lineHasText = true;
        _marks = 0;
    }

    private bool IsFence() => !_lineHasText && _mark is '`' or '~' && _marks >= ShortestFence && _codeMarks == 0
        && (_fence == '\0' || (_fence == _mark && _marks >= _fenceMarks));

    private TextStyle Fence(int marks)
    {
        (_fence, _fenceMarks) = _fence == '\0' ? (_mark, marks) : ('\0', 0);
        _fenceLine = true;
        return TextStyle.Mark;
    }

    private TextStyle Heading(int marks, char after)
    {
        _heading = !_lineHasText && marks <= LargestHeading && after == ' ';
        return _heading ? TextStyle.Mark : Current();
    }

    private TextStyle InlineCode(int marks)
    {
        if (_codeMarks != 0 && _codeMarks != marks)
        {
            return TextStyle.Code;
        }

        _codeMarks = _codeMarks == 0 ? marks : 0;
        return TextStyle.Mark;
    }

    // One mark is italic, two are bold, three are both. Between letters, as in snake_case and 2*3, they are themselves.
    private TextStyle Emphasis(int marks, char after)
    {
        var (italic, bold) = (marks is 1 or 3, marks is 2 or 3);
        var opens = !char.IsWhiteSpace(after) && !char.IsLetterOrDigit(_before);
        var closes = !char.IsWhiteSpace(_before) && !char.IsLetterOrDigit(after);
        var isOpen = (!italic || _italic) && (!bold || _bold);
        if (marks > 3 || !(isOpen ? closes : opens))
        {
            return Current();
        }

        _italic ^= italic;
        _bold ^= bold;
        return TextStyle.Mark;
    }

    private TextStyle Current() =>
        _fenceLine ? TextStyle.Mark
        : _fence != '\0' || _codeMarks > 0 ? TextStyle.Code
        : (_bold || _heading ? TextStyle.Bold : TextStyle.Plain) | (_italic ? TextStyle.Italic : TextStyle.Plain);

    private void Put(char unit, int times, TextStyle style)
    {
        Show(style);
        _out.Append(unit, times);
        _before = unit;
    }

    private void Show(TextStyle style)
    {
        if (style == _shown)
        {
            return;
        }

        _shown = style;
        _out.Append("\e[0").Append(style.HasFlag(TextStyle.Bold) ? ";1" : "").Append(
            style.HasFlag(TextStyle.Mark) ? ";2" : "").Append(style.HasFlag(TextStyle.Italic) ? ";3" : "").Append(
            style.HasFlag(TextStyle.Code) ? ";36" : "").Append('m');
    }

    private string TakeOut()
    {
        var text = _out.ToString();
        _out.Clear();
        return text;
    }

    [Flags]
    private enum TextStyle
    {
        Plain = 0,
        Bold = 1,
        Italic = 2,
        Code = 4,

        /// <summary>Dimmed: it marks, and is not read.</summary>
        Mark = 8,
    }
}
