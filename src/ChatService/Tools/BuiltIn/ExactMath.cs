namespace ChatGrpc.Tools.BuiltIn;

/// <summary>What the calculator knows beside the four operations, in decimals of 28 digits.</summary>
internal static class ExactMath
{
    // Beyond it every power but those of 0, 1 and -1 is out of the range of decimals or 0.
    private const int MaxExponent = 1_000;

    private const int MaxDigits = 28;

    public static decimal Constant(string name) => name switch
    {
        "pi" => 3.1415926535897932384626433833m,
        "e" => 2.7182818284590452353602874714m,
        _ => throw new ExpressionException($"{name} is not known."),
    };

    public static decimal Call(string name, IReadOnlyList<decimal> arguments) => (name, arguments) switch
    {
        ("sqrt", [var x]) => SquareRoot(x),
        ("abs", [var x]) => Math.Abs(x),
        ("min", _) => arguments.Min(),
        ("max", _) => arguments.Max(),
        ("round", [var x]) => Math.Round(x, MidpointRounding.AwayFromZero),
        ("round", [var x, >= 0 and <= MaxDigits and var digits]) when decimal.IsInteger(digits) =>
            Math.Round(x, (int)digits, MidpointRounding.AwayFromZero),
        ("floor", [var x]) => Math.Floor(x),
        ("ceil", [var x]) => Math.Ceiling(x),
        ("sqrt" or "abs" or "floor" or "ceil", _) => throw new ExpressionException($"{name} takes one number."),
        ("round", _) =>
            throw new ExpressionException($"round takes a number and the digits to keep, 0 to {MaxDigits}."),
        _ => throw new ExpressionException($"There is no function {name}."),
    };

    /// <summary>By squaring, so that each step is exact or out of range.</summary>
    public static decimal Power(decimal value, decimal exponent)
    {
        if (!decimal.IsInteger(exponent) || Math.Abs(exponent) > MaxExponent)
        {
            throw new ExpressionException($"An exponent is a whole number from -{MaxExponent} to {MaxExponent}.");
        }

        var result = 1m;
        for (var left = (int)Math.Abs(exponent); left > 0; left >>= 1)
        {
            result = (left & 1) == 1 ? result * value : result;

            // The last square is not needed, and might not fit.
            value = left > 1 ? value * value : value;
        }

        return exponent < 0 ? 1 / result : result;
    }

    private static decimal SquareRoot(decimal value)
    {
        if (value < 0)
        {
            throw new ExpressionException("A negative number has no square root.");
        }

        if (value == 0)
        {
            return 0;
        }

        // Newton's rule doubles the right digits: 15 of a double are 28 after one step, a second one settles the last.
        var root = (decimal)Math.Sqrt((double)value);
        for (var step = 0; step < 3 && root != 0; step++)
        {
            root = (root + (value / root)) / 2;
        }

        return root;
    }
}
