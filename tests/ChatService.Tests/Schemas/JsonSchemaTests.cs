using System.Text.Json;
using ChatGrpc.Schemas;

namespace ChatGrpc.Tests.Schemas;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1", "1.5")]
    [InlineData("""{"type":"integer"}""", "1.0", "\"1\"")]
    [InlineData("""{"type":"integer"}""", "1e300", "1e-300")]
    [InlineData("""{"type":["string","null"]}""", "null", "1")]
    [InlineData("""{"type":"boolean"}""", "false", "null")]
    [InlineData("""{"enum":["a",1,{"b":[2]}]}""", """{"b":[2.0]}""", "\"b\"")]
    [InlineData("""{"const":null}""", "null", "0")]
    [InlineData("""{"minimum":1,"maximum":3}""", "3.0", "3.0000000000000000000001")]
    [InlineData("""{"exclusiveMinimum":1,"exclusiveMaximum":3}""", "2", "3")]
    [InlineData("""{"multipleOf":0.01}""", "19.99", "19.999")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"😀😀\"", "\"😀\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aaa\"", "\"ab\"")]
    [InlineData("""{"pattern":"^(?!no)"}""", "\"yes\"", "\"no\"")]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1,2]", "[]")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", "[\"a\"]", "[\"a\",1]")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",{"a":1}]""", """[{"a":1,"b":2},{"b":2.0,"a":1}]""")]
    [InlineData("""{"contains":{"const":1},"maxContains":1}""", "[0,1]", "[1,1]")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""", "{}")]
    [InlineData("""{"minProperties":1,"maxProperties":1}""", """{"a":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":"","b":1}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string"},"a":{"type":"number"}}}""", """{"a":1}""", """{"a":""}""")]
    [InlineData("""{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":false}""",
        """{"n1":1}""", """{"n1":""}""")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"a":1}""", """{"ab":1}""")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1,"b":1}""", """{"a":1}""")]
    [InlineData("""{"dependentSchemas":{"a":{"required":["b"]}}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "2", "3")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":2}]}""", "2", "1")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "1", "2")]
    [InlineData("""{"not":{"type":"null"}}""", "0", "null")]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"const":1}}""", "20", "2")]
    [InlineData("""{"$ref":"#/$defs/a~1b%25","$defs":{"a/b%":{"type":"string"}},"maxLength":1}""", "\"a\"", "\"ab\"")]
    [InlineData("""{"properties":{"next":{"$ref":"#"}},"required":["v"]}""",
        """{"v":1,"next":{"v":2}}""", """{"v":1,"next":{}}""")]
    [InlineData("true", "1", null)]
    [InlineData("false", null, "1")]
    [InlineData("""{"format":"email","$comment":"x","unheard-of":7}""", "\"no address\"", null)]
    public void Check_Keyword_TellsRightFromWrong(string schema, string? right, string? wrong)
    {
        if (right is not null)
        {
            Assert.Empty(Errors(schema, right));
        }

        if (wrong is not null)
        {
            Assert.NotEmpty(Errors(schema, wrong));
        }
    }

    [Fact]
    public void Check_SomeErrors_PathsAndSentences() => Assert.Equal(
        [
            "$: The property id is missing.",
            "$.items[1].name: It has to be of type string, not number.",
            "$.state: It has to be one of \"on\", \"off\".",
            "$.more: It may not be there.",
        ],
        Errors(
            """
            {"required":["id"],"additionalProperties":false,"properties":{
              "items":{"items":{"properties":{"name":{"type":"string"}}}},"state":{"enum":["on","off"]}}}
            """,
            """{"items":[{"name":"a"},{"name":1}],"state":"up","more":1}"""));

    [Fact]
    public void Check_ManyErrors_TheFirstFew() =>
        Assert.Equal(5, Errors("""{"items":false}""", $"[{string.Join(',', new int[100])}]").Count);

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("7", "# is no schema")]
    [InlineData("""{"type":"int"}""", "#/type is none of")]
    [InlineData("""{"properties":{"a":{"minimum":"1"}}}""", "#/properties/a/minimum is no number")]
    [InlineData("""{"exclusiveMinimum":true}""", "#/exclusiveMinimum is no number")]
    [InlineData("""{"items":[{"type":"string"}]}""", "#/items is no schema")]
    [InlineData("""{"required":"a"}""", "#/required is no list of texts")]
    [InlineData("""{"minLength":-1}""", "#/minLength is no whole number")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf is not above 0")]
    [InlineData("""{"anyOf":[]}""", "#/anyOf is no list of schemas")]
    [InlineData("""{"pattern":"("}""", "no regular expression")]
    [InlineData("""{"$ref":"http://example.org/schema"}""", "only places in the schema itself")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "which is not there")]
    [InlineData("""{"$ref":"#"}""", "without end")]
    [InlineData("""{"not":{"$ref":"#/$defs/b"},"$defs":{"b":{"anyOf":[true,{"$ref":"#"}]}}}""", "without end")]
    [InlineData("""{"title":"a","pattern":"\ud83d"}""", "half a character")]
    public void Parse_WrongSchema_SaysWhatAndWhere(string schema, string says)
    {
        Assert.Null(JsonSchema.Parse(schema, out var error));

        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BeyondALimit_SaysWhich()
    {
        Assert.Null(JsonSchema.Parse($$"""{"title":"{{new string('ü', 50_000)}}"}""", out var tooLong));
        Assert.Null(JsonSchema.Parse(
            string.Concat(Enumerable.Repeat("""{"not":""", 65)) + "true" + new string('}', 65), out var tooDeep));

        Assert.Contains("100000 bytes", tooLong, StringComparison.Ordinal);
        Assert.Contains("deeper than 64", tooDeep, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManySchemasBelowALongName_TakesMemoryOfTheirNumber()
    {
        var many = string.Join(',', Enumerable.Repeat("{}", 10_000));
        var schema = $$$$"""{"properties":{"{{{{new string('a', 50_000)}}}}":{"allOf":[{{{{many}}}}]}}}""";
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.NotNull(JsonSchema.Parse(schema, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void Check_ChainOfReferencesAsLongAsTheSchema_Ends()
    {
        var errors = Errors(Chain(2500, next => $$"""{"$ref":"{{next}}"}"""), "1");

        Assert.StartsWith("$: It ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WorkThatDoublesWithEachLine_GivesUp()
    {
        var errors = Errors(Chain(100, next => $$"""{"anyOf":[{"$ref":"{{next}}"},{"$ref":"{{next}}"}]}"""), "1");

        Assert.Equal(["$: It takes too long to check by this schema."], errors);
    }

    [Fact]
    public void Check_PatternThatBacktracksForEver_GivesUp()
    {
        // It looks ahead, so that the engine of linear time does not take it.
        var errors = Errors("""{"pattern":"^(?=a)(a|a|aa)+$"}""", $"\"{new string('a', 100)}b\"");

        Assert.Contains("takes too long to match", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"minLength":1}""", "\"\\ud83d\"")]
    [InlineData("""{"properties":{"a":true}}""", "{\"\\ud83d\":1}")]
    public void Check_HalfACharacter_SaysSo(string schema, string value) =>
        Assert.Contains("half a character", Assert.Single(Errors(schema, value)), StringComparison.Ordinal);

    // A schema that refers to one that refers to the next, up to one of null.
    private static string Chain(int length, Func<string, string> link)
    {
        var links = Enumerable.Range(0, length).Select(i => $"\"{i}\":{link($"#/$defs/{i + 1}")},");
        return $"{{\"$ref\":\"#/$defs/0\",\"$defs\":{{{string.Concat(links)}\"{length}\":{{\"type\":\"null\"}}}}}}";
    }

    private static IReadOnlyList<string> Errors(string schema, string value)
    {
        var parsed = JsonSchema.Parse(schema, out var error);
        Assert.Equal("", error);
        return parsed!.Check(JsonElement.Parse(value));
    }
}
