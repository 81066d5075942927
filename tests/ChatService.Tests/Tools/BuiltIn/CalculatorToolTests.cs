using System.Text.Json;
using ChatGrpc.Tools.BuiltIn;

namespace ChatGrpc.Tests.Tools.BuiltIn;

public sealed class CalculatorToolTests
{
    [Theory]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("2 + 3 * 4", "14")]
    [InlineData("(2 + 3) * 4", "20")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("-2 ^ 2", "-4")]
    [InlineData("(-2) ^ 2", "4")]
    [InlineData("2 ^ 3 ^ 2", "512")]
    [InlineData("2 ^ -2", "0.25")]
    [InlineData("--3", "3")]
    [InlineData("7 % 3", "1")]
    [InlineData("1 / 3", "0.3333333333333333333333333333")]
    [InlineData("1.5e3 + .5", "1500.5")]
    [InlineData("2 × 3 ÷ 4 − 1", "0.5")]
    [InlineData("sqrt(2)", "1.4142135623730950488016887242")]
    [InlineData("sqrt(1e-20)", "0.0000000001")]
    [InlineData("sqrt(0)", "0")]
    [InlineData("abs(-3) + min(3, 1, 2) + max(1, 5)", "9")]
    [InlineData("round(2.5) + round(2.345, 2)", "5.35")]
    [InlineData("floor(-1.5) + ceil(1.2)", "0")]
    [InlineData("round(2 * pi, 4)", "6.2832")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("1^1000", "1")]
    public async Task Invoke_Expression_IsReckoned(string expression, string result) =>
        Assert.Equal((result, false), await ReckonAsync(expression));

    [Theory]
    [InlineData("", "The expression ends too early.")]
    [InlineData("2 +", "The expression ends too early.")]
    [InlineData("2 3", "'3' at character 3 is not understood.")]
    [InlineData("(2", "The expression ends too early.")]
    [InlineData("2)", "')' at character 2 is not understood.")]
    [InlineData("1 / 0", "This divides by zero.")]
    [InlineData("1 % 0", "This divides by zero.")]
    [InlineData("0 ^ -1", "This divides by zero.")]
    [InlineData("10 ^ 29", "The result is too large: at most 79228162514264337593543950335 fits.")]
    [InlineData("2 ^ 0.5", "An exponent is a whole number from -1000 to 1000.")]
    [InlineData("2 ^ 100000", "An exponent is a whole number from -1000 to 1000.")]
    [InlineData("sqrt(-1)", "A negative number has no square root.")]
    [InlineData("sqrt(1, 2)", "sqrt takes one number.")]
    [InlineData("round(1, 99)", "round takes a number and the digits to keep, 0 to 28.")]
    [InlineData("system(1)", "There is no function system.")]
    [InlineData("x + 1", "x is not known.")]
    [InlineData("1.2.3", "'.' at character 4 is not understood.")]
    [InlineData(".", ". is no number, or too large a one.")]
    [InlineData("1e99", "1e99 is no number, or too large a one.")]
    public async Task Invoke_WrongExpression_SaysWhy(string expression, string message) =>
        Assert.Equal((message, true), await ReckonAsync(expression));

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    public async Task Invoke_EndlessExpression_EndsSoon(char sign)
    {
        var (text, isError) = await ReckonAsync(new string(sign, 900));

        Assert.True(isError);
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task Invoke_DeepPowers_AreRefused() =>
        Assert.True((await ReckonAsync(string.Join('^', Enumerable.Repeat("1", 100)))).IsError);

    [Fact]
    public async Task Invoke_LongExpression_IsRefused() =>
        Assert.Equal(
            ("The expression is longer than 1000 characters.", true), await ReckonAsync(new string('1', 1_001)));

    [Fact]
    public async Task Invoke_NoText_IsRefused()
    {
        var result = await new RoundScene().ResultAsync(
            RoundScene.Call(new CalculatorTool(), """{"expression":12}"""));

        Assert.True(result.IsError);
        Assert.StartsWith("The arguments do not fit the tool: $.expression", result.Text, StringComparison.Ordinal);
    }

    private static async Task<(string Text, bool IsError)> ReckonAsync(string expression)
    {
        var arguments = JsonSerializer.Serialize(new { expression });
        var result = await new RoundScene().ResultAsync(RoundScene.Call(new CalculatorTool(), arguments));
        return (result.Text, result.IsError);
    }
}
