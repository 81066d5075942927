using System.Text.Json;
using ChatGrpc.Schemas;

namespace ChatGrpc.Tests.Schemas;

/// <summary>Checks of which each step takes long, as of large values.</summary>
public sealed class SlowChecksTests
{
    private const string List = "list";
    private const string Text = "text";
    private const string Object = "object";

    // N is replaced by a list of a hundred of what follows it, in which # is another number each.
    [Theory]
    [InlineData("""{"items":{"type":"integer"}}""", List)]
    [InlineData("""{"uniqueItems":true}""", List)]
    [InlineData("""{"contains":{"type":"string"}}""", List)]
    [InlineData("""{"enum":[N|{"a":#}|]}""", List)]
    [InlineData("""{"allOf":[N|{"minLength":#}|]}""", Text)]
    [InlineData("""{"oneOf":[N|{"pattern":"a"}|]}""", Text)]
    [InlineData("""{"required":[N|"a#"|]}""", Object)]
    [InlineData("""{"dependentRequired":{N|"a#":["b"]|}}""", Object)]
    [InlineData("""{"dependentSchemas":{N|"a#":true|}}""", Object)]
    [InlineData("""{"patternProperties":{N|"a#":true|}}""", Object)]
    public void Check_StepsThatTakeLong_GivesUpInTheMiddle(string form, string of)
    {
        var schema = JsonSchema.Parse(Written(form), out _)!;
        var value = JsonElement.Parse(of switch
        {
            List => $"[{string.Join(',', Enumerable.Range(0, 100))}]",
            Text => "\"text\"",
            _ => """{"b":1}""",
        });

        Assert.DoesNotContain("$: It takes too long to check by this schema.", schema.Check(value, new Clock(0)));

        var clock = new Clock(milliseconds: 10);
        Assert.Equal(["$: It takes too long to check by this schema."], schema.Check(value, clock));
        Assert.InRange(clock.Looks, 2, 60);
    }

    private static string Written(string form)
    {
        if (form.Split("N|") is not [var before, var rest])
        {
            return form;
        }

        var (one, after) = (rest.Split('|')[0], rest.Split('|')[1]);
        return before + string.Join(
            ',', Enumerable.Range(0, 100).Select(i => one.Replace("#", $"{i}", StringComparison.Ordinal))) + after;
    }

    /// <summary>A clock that moves whenever it is looked at.</summary>
    private sealed class Clock(int milliseconds) : TimeProvider
    {
        public int Looks { get; private set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Looks++ * milliseconds;
    }
}
