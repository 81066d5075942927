using System.Text;

namespace ChatGrpc.Providers.Xml;

/// <summary>The opening tag of a call, read one UTF-16 unit after the other.</summary>
internal sealed class XmlOpening
{
    private const string Begin = "<tool_call";
    private const string Attribute = "name";

    // The longest name of a tool; beyond it no tool could be meant.
    private const int MostName = 64;

    // Far above a tag with such a name: what has more white space than that is none.
    private const int MostLength = 128;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _name = new();
    private Place _place;
    private char _quote;
    private int _attribute;

    private enum Place
    {
        Begin,
        BeforeAttribute,
        Attribute,
        BeforeEquals,
        BeforeQuote,
        Name,
        BeforeEnd,
        Slash,
        Done,
        Empty,
    }

    /// <summary>What was read of it.</summary>
    public string Text => _text.ToString();

    /// <summary>The tool, when the tag is whole.</summary>
    public string Name => _name.ToString();

    public bool IsWhole => _place is Place.Done or Place.Empty;

    /// <summary>It closes itself: the call has no arguments.</summary>
    public bool IsEmpty => _place == Place.Empty;

    /// <summary>It can hardly be anything else any more.</summary>
    public bool IsCall => _text.Length > Begin.Length;

    /// <summary>False: with this unit it is no such tag; it was not read.</summary>
    public bool Read(char unit)
    {
        if (_text.Length == MostLength || Next(unit) is not { } next)
        {
            return false;
        }

        _ = _text.Append(unit);
        _place = next;
        return true;
    }

    // Null: it is none.
    private Place? Next(char unit)
    {
        var isBlank = unit is ' ' or '\t' or '\r' or '\n';
        switch (_place)
        {
            case Place.Begin when _text.Length < Begin.Length:
                return unit == Begin[_text.Length] ? Place.Begin : null;
            case Place.Begin:
                return isBlank ? Place.BeforeAttribute : null;
            case Place.BeforeAttribute or Place.Attribute when _attribute < Attribute.Length:
                return unit == Attribute[_attribute] ? Step() : _attribute == 0 && isBlank ? _place : null;
            case Place.Attribute:
                return unit == '=' ? Place.BeforeQuote : isBlank ? Place.BeforeEquals : null;
            case Place.BeforeEquals when unit == '=':
                return Place.BeforeQuote;
            case Place.BeforeQuote when unit is '"' or '\'':
                _quote = unit;
                return Place.Name;
            case Place.Name when unit == _quote:
                return _name.Length > 0 ? Place.BeforeEnd : null;
            case Place.Name:
                return IsOfName(unit) ? Place.Name : null;
            case Place.BeforeEnd when unit == '>':
                return Place.Done;
            case Place.BeforeEnd when unit == '/':
                return Place.Slash;
            case Place.Slash:
                return unit == '>' ? Place.Empty : null;
            default:
                return isBlank ? _place : null;
        }
    }

    private bool IsOfName(char unit)
    {
        var isOfName = _name.Length < MostName && (char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-');
        if (isOfName)
        {
            _ = _name.Append(unit);
        }

        return isOfName;
    }

    private Place Step()
    {
        _attribute++;
        return Place.Attribute;
    }
}
