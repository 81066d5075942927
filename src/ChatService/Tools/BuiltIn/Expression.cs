using System.Globalization;

namespace ChatGrpc.Tools.BuiltIn;

/// <summary>
/// Arithmetic on decimals, by recursive descent: a sum of products of signed powers. - binds weaker than ^, so -2^2 is
/// -4, and ^ goes from the right, so 2^3^2 is 512.
/// </summary>
internal sealed class Expression
{
    // An expression that somebody wrote is a line or two; beyond that it is data, or an attack.
    private const int MaxLength = 1_000;

    // Each level costs a few frames of the stack.
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _depth;

    private Expression(string text) => _text = text;

    /// <summary>The value, or in words why there is none.</summary>
    public static (decimal Value, string? Error) Evaluate(string text)
    {
        if (text.Length > MaxLength)
        {
            return (0, $"The expression is longer than {MaxLength} characters.");
        }

        try
        {
            return (new Expression(text).Whole(), null);
        }
        catch (ExpressionException wrong)
        {
            return (0, wrong.Message);
        }
        catch (OverflowException)
        {
            return (0, "The result is too large: at most 79228162514264337593543950335 fits.");
        }
        catch (DivideByZeroException)
        {
            return (0, "This divides by zero.");
        }
    }

    private decimal Whole()
    {
        var value = Sum();
        return Peek() == '\0' ? value : throw Unexpected();
    }

    private decimal Sum()
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionException($"The expression is nested deeper than {MaxDepth} levels.");
        }

        var value = Product();
        while (true)
        {
            if (Take('+'))
            {
                value += Product();
            }
            else if (Take('-') || Take('\u2212'))
            {
                value -= Product();
            }
            else
            {
                _depth--;
                return value;
            }
        }
    }

    private decimal Product()
    {
        var value = Signed();
        while (true)
        {
            if (Take('*') || Take('\u00d7'))
            {
                value *= Signed();
            }
            else if (Take('/') || Take('\u00f7'))
            {
                value /= Signed();
            }
            else if (Take('%'))
            {
                value %= Signed();
            }
            else
            {
                return value;
            }
        }
    }

    private decimal Signed()
    {
        var negative = false;
        while (true)
        {
            if (Take('-') || Take('\u2212'))
            {
                negative = !negative;
            }
            else if (!Take('+'))
            {
                return negative ? -Power() : Power();
            }
        }
    }

    private decimal Power()
    {
        var value = Operand();
        if (!Take('^'))
        {
            return value;
        }

        if (++_depth > MaxDepth)
        {
            throw new ExpressionException($"The expression is nested deeper than {MaxDepth} levels.");
        }

        var power = ExactMath.Power(value, Signed());
        _depth--;
        return power;
    }

    private decimal Operand()
    {
        var next = Peek();
        if (Take('('))
        {
            var value = Sum();
            Expect(')');
            return value;
        }

        return char.IsAsciiDigit(next) || next == '.' ? Number()
            : char.IsAsciiLetter(next) ? Named()
            : throw Unexpected();
    }

    private decimal Number()
    {
        var start = _at;
        SkipDigits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            SkipDigits();
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E' && ExponentLength() is > 0 and var length)
        {
            _at += length;
            SkipDigits();
        }

        var digits = _text.AsSpan(start, _at - start);
        return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ExpressionException($"{digits} is no number, or too large a one.");
    }

    // e, a sign and at least a digit; else the letter begins something else.
    private int ExponentLength()
    {
        var sign = _at + 1 < _text.Length && _text[_at + 1] is '+' or '-' ? 1 : 0;
        return _at + 1 + sign < _text.Length && char.IsAsciiDigit(_text[_at + 1 + sign]) ? 1 + sign : 0;
    }

    private decimal Named()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
        {
            _at++;
        }

        var name = _text[start.._at];
        if (!Take('('))
        {
            return ExactMath.Constant(name);
        }

        var arguments = new List<decimal>();
        do
        {
            arguments.Add(Sum());
        }
        while (Take(','));
        Expect(')');
        return ExactMath.Call(name, arguments);
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }

    // The next character that is no blank; NUL at the end.
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Take(char wanted)
    {
        var taken = Peek() == wanted && wanted != '\0';
        _at += taken ? 1 : 0;
        return taken;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted))
        {
            throw Unexpected();
        }
    }

    private ExpressionException Unexpected() => new(_at < _text.Length
        ? $"'{_text[_at]}' at character {_at + 1} is not understood."
        : "The expression ends too early.");
}
