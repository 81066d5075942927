namespace Tidy.Tests.CSharp;

/// <summary>
/// Blanks comments and the text of literals, so that rules see code alone. Lines and columns stay; what stands in the
/// holes of interpolated strings is code and stays too.
/// </summary>
internal sealed class CodeMask
{
    private readonly string _text;
    private readonly char[] _code;
    private int _at;

    private CodeMask(string text)
    {
        _text = text;
        _code = text.ToCharArray();
    }

    public static string Of(string text)
    {
        var mask = new CodeMask(text);
        mask.ReadCode(closingBraces: 0);
        return new string(mask._code);
    }

    private bool IsAt(string expected) => string.CompareOrdinal(_text, _at, expected, 0, expected.Length) == 0;

    /// <summary>Reads to the end of the text, or of the hole that so many braces close.</summary>
    private void ReadCode(int closingBraces)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            if (closingBraces > 0 && depth == 0 && IsAt(new string('}', closingBraces)))
            {
                return;
            }

            if (IsAt("//"))
            {
                BlankTo(IndexAfter("\n", or: _text.Length));
            }
            else if (IsAt("/*"))
            {
                BlankTo(IndexAfter("*/", or: _text.Length));
            }
            else if (_text[_at] == '\'')
            {
                ReadCharacter();
            }
            else if (_text[_at] is '"' or '$' or '@')
            {
                ReadLiteralOrSign();
            }
            else
            {
                depth += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
                _at++;
            }
        }
    }

    private int IndexAfter(string end, int or)
    {
        var index = _text.IndexOf(end, _at + 1, StringComparison.Ordinal);
        return index < 0 ? or : index + end.Length;
    }

    private void BlankTo(int end)
    {
        for (; _at < end; _at++)
        {
            if (_text[_at] != '\n')
            {
                _code[_at] = ' ';
            }
        }
    }

    private void ReadCharacter()
    {
        var end = _at + (IsAt("'\\") ? 3 : 2);
        while (end < _text.Length && _text[end] is not ('\'' or '\n'))
        {
            end++;
        }

        BlankTo(Math.Min(end + 1, _text.Length));
    }

    private void ReadLiteralOrSign()
    {
        var quote = _at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote == _text.Length || _text[quote] != '"')
        {
            // A name such as @event.
            _at = quote;
            return;
        }

        var signs = _text.AsSpan(_at, quote - _at);
        var (dollars, isVerbatim) = (signs.Count('$'), signs.Contains('@'));
        var quotes = _text.AsSpan(quote).IndexOfAnyExcept('"') is var run and >= 0 ? run : _text.Length - quote;
        _at = quote;
        if (quotes >= 3 && !isVerbatim)
        {
            _at += quotes;
            ReadText(new string('"', quotes), dollars, escape: '\0');
        }
        else
        {
            _at++;
            ReadText("\"", dollars, escape: isVerbatim ? '"' : '\\');
        }
    }

    /// <summary>Blanks the text up to its quotes, but not the code in its holes.</summary>
    private void ReadText(string closingQuotes, int dollars, char escape)
    {
        while (_at < _text.Length)
        {
            var isEscaped = escape == '\\' ? _text[_at] == '\\' : escape == '"' && IsAt("\"\"");
            if (!isEscaped && IsAt(closingQuotes))
            {
                _at += closingQuotes.Length;
                return;
            }

            if (isEscaped || (dollars == 1 && escape != '\0' && IsAt("{{")))
            {
                BlankTo(Math.Min(_at + 2, _text.Length));
            }
            else if (dollars > 0 && IsAt(new string('{', dollars)) && !IsAt(new string('{', dollars + 1)))
            {
                BlankTo(_at + dollars);
                ReadCode(dollars);
                BlankTo(Math.Min(_at + dollars, _text.Length));
            }
            else
            {
                BlankTo(_at + 1);
            }
        }
    }
}
