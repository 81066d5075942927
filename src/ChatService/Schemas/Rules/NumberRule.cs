using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>minimum, maximum, exclusiveMinimum, exclusiveMaximum and multipleOf</summary>
internal sealed class NumberRule : SchemaRule
{
    private JsonElement? _minimum;
    private JsonElement? _maximum;
    private JsonElement? _above;
    private JsonElement? _below;
    private JsonElement? _step;

    public static NumberRule? From(SchemaKeywords keywords)
    {
        var rule = new NumberRule
        {
            _minimum = keywords.Number("minimum"),
            _maximum = keywords.Number("maximum"),
            _above = keywords.Number("exclusiveMinimum"),
            _below = keywords.Number("exclusiveMaximum"),
            _step = keywords.Number("multipleOf"),
        };
        if (rule._step is { } step && !(step.GetDouble() > 0))
        {
            throw keywords.Wrong("multipleOf", "is not above 0");
        }

        return (rule._minimum ?? rule._maximum ?? rule._above ?? rule._below ?? rule._step) is null ? null : rule;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return true;
        }

        var wrong =
            _minimum is { } least && Compare(value, least) < 0 ? $"at least {least}"
            : _maximum is { } most && Compare(value, most) > 0 ? $"at most {most}"
            : _above is { } above && Compare(value, above) <= 0 ? $"above {above}"
            : _below is { } below && Compare(value, below) >= 0 ? $"below {below}"
            : _step is { } step && !IsMultiple(value, step) ? $"a multiple of {step}"
            : null;
        return wrong is null || check.Wrong(path, $"It has to be {wrong}.");
    }

    /// <summary>1.0 and 1e3 are whole too.</summary>
    public static bool IsWhole(JsonElement number) =>
        IsExact(number, out var exact) ? decimal.IsInteger(exact) : double.IsInteger(number.GetDouble());

    // Exact where both fit a decimal, which has 28 digits; a double has 15.
    private static int Compare(JsonElement one, JsonElement other) =>
        IsExact(one, out var left) && IsExact(other, out var right)
            ? left.CompareTo(right)
            : one.GetDouble().CompareTo(other.GetDouble());

    // What is too near to 0 for a decimal would be 0.
    private static bool IsExact(JsonElement number, out decimal exact) =>
        number.TryGetDecimal(out exact) && (exact != 0 || number.GetDouble() == 0);

    private static bool IsMultiple(JsonElement value, JsonElement step) =>
        IsExact(value, out var exact) && IsExact(step, out var exactStep)
            ? exact % exactStep == 0
            : double.IsInteger(value.GetDouble() / step.GetDouble());
}
