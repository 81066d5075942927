using System.Text.RegularExpressions;

namespace Tidy.Tests.CSharp;

/// <summary>A method, constructor, operator or property with its body; positions in the code.</summary>
internal sealed record Member(string Name, int Start, int End);

/// <summary>Finds the members of types by their braces, in code that <see cref="CodeMask"/> has prepared.</summary>
internal sealed partial class Members
{
    private readonly string _code;
    private readonly List<Member> _found = [];
    private int _start;
    private int _at;

    private Members(string code) => _code = code;

    public static IReadOnlyList<Member> Of(string code)
    {
        var members = new Members(code);
        members.ReadAll();
        return members._found;
    }

    // Without what stands in brackets: default values and attributes' arguments look like other things.
    private string Header => Brackets().Replace(_code[_start.._at], "()");

    // The text is a flat list of members: the brace that opens a type or a namespace only ends a header.
    private void ReadAll()
    {
        SkipSpace();
        while (_at < _code.Length)
        {
            switch (_code[_at])
            {
                case '(' or '[':
                    _at = AfterBracket(_at);
                    break;
                case '{' when IsType().IsMatch(Header):
                case '}':
                    Begin();
                    break;
                case '{':
                    ReadBody();
                    break;
                case ';':
                    Add(Header, _at);
                    Begin();
                    break;
                default:
                    _at++;
                    break;
            }
        }
    }

    private void ReadBody()
    {
        var header = Header;
        var end = AfterBracket(_at);
        if (Assigns().IsMatch(header))
        {
            // Braces in an expression: the member ends with the semicolon.
            _at = end;
            return;
        }

        Add(header, end - 1);
        _at = end - 1;
        Begin();
    }

    private void Add(string header, int end)
    {
        // A field is as long as its data.
        var isField = Assigns().Match(header) is { Success: true, Value: "=" };
        if (!isField && Named().Match(header) is { Success: true } name)
        {
            _found.Add(new Member(name.Groups[1].Value, _start, end));
        }
    }

    private void Begin()
    {
        _at++;
        SkipSpace();
    }

    private void SkipSpace()
    {
        while (_at < _code.Length && char.IsWhiteSpace(_code[_at]))
        {
            _at++;
        }

        _start = _at;
    }

    private int AfterBracket(int open)
    {
        var depth = 0;
        for (var i = open; i < _code.Length; i++)
        {
            depth += _code[i] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return _code.Length;
    }

    [GeneratedRegex(@"\((?>[^()]|(?<open>\()|(?<-open>\)))*\)|\[(?>[^\[\]]|(?<open>\[)|(?<-open>\]))*\]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"(?:^|[\s)])(?:class|struct|interface|enum|record|namespace)\s+(?!where\b)[\w.@]")]
    private static partial Regex IsType();

    // The first arrow or equals sign of a header that is no comparison.
    [GeneratedRegex(@"=>|(?<![=!<>])=(?![=>])")]
    private static partial Regex Assigns();

    // What stands before the parameters, the body or the arrow.
    [GeneratedRegex(@"([\w~]+)\s*(?:<[^()]*>)?\s*(?:\(|=>|$)")]
    private static partial Regex Named();
}
