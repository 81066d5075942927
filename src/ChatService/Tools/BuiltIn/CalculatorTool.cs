using System.Globalization;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools.BuiltIn;

/// <summary>Reckons exactly, which models do not.</summary>
internal sealed class CalculatorTool() : ServiceTool(
    "calculator",
    "Calculator",
    "Evaluates an arithmetic expression in decimals of 28 digits. Knows + - * / ^ (a whole exponent), % (the "
    + "remainder), parentheses, pi, e, and sqrt(x), abs(x), min(a, b, ...), max(a, b, ...), round(x) or "
    + "round(x, digits), floor(x) and ceil(x).",
    """
    {
      "type": "object",
      "properties": {
        "expression": { "type": "string", "description": "Such as 3 * (2.5 + 1) ^ 2." }
      },
      "required": ["expression"],
      "additionalProperties": false
    }
    """)
{
    // Without the zeros at the end that a decimal remembers: 1.0 + 1.0 is 2.
    private const string Form = "0.############################";

    protected override ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var (value, error) = Expression.Evaluate(TextOf(arguments, "expression") ?? "");
        return new(error is null
            ? value.ToString(Form, CultureInfo.InvariantCulture)
            : new ToolFailure(error));
    }
}
