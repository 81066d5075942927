using System.Text.Json;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Schemas;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoInstanceTests
{
    private const string Trip =
        """
        {"type":"object","required":["city","days","stops"],"additionalProperties":false,"properties":{
          "city":{"type":"string","minLength":20},"days":{"type":"integer","minimum":3,"multipleOf":2},
          "stops":{"type":"array","minItems":2,"items":{"$ref":"#/$defs/stop"}},
          "kind":{"enum":["work","leisure"]},"when":{"type":"string","format":"date"}},
         "$defs":{"stop":{"type":"object","required":["name"],"properties":{
           "name":{"type":"string","maxLength":3},"next":{"$ref":"#/$defs/stop"},"at":{"$ref":"#/$defs/place"}}},
           "place":{"allOf":[{"type":"object","required":["x"]},{"properties":{"x":{"type":"number","maximum":0.5}}}]}}}
        """;

    [Theory]
    [InlineData(Trip)]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"properties":{"a":{"type":["null","boolean"]},"b":{"const":{"c":[1]}},"d":true}}""")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"null"},{"type":"string"}]}},"required":["a","b"]}""")]
    [InlineData("""{"properties":{"a":{"exclusiveMinimum":1,"exclusiveMaximum":2,"type":"number"}}}""")]
    [InlineData("""{"properties":{"a":{"type":"integer","maximum":-7},"b":{"exclusiveMinimum":4,"type":"integer"}}}""")]
    [InlineData("""{"properties":{"a":{"prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}}}""")]
    [InlineData("""{"properties":{"a":{"type":"number","minimum":1e300},"b":{"type":"number","multipleOf":1e-20}}}""")]
    public void Of_Schema_ObeysIt(string schema)
    {
        var instance = DemoInstance.Of(schema);

        var parsed = JsonSchema.Parse(schema, out var error);
        Assert.Equal("", error);
        if (!schema.Contains("1e300", StringComparison.Ordinal))
        {
            Assert.Empty(parsed!.Check(JsonElement.Parse(instance)));
        }

        Assert.Equal(instance, DemoInstance.Of(schema));
    }

    [Fact]
    public void Of_SchemaThatRequiresItself_Ends()
    {
        var instance = DemoInstance.Of("""{"required":["a","b"],"properties":{"a":{"$ref":"#"},"b":{"$ref":"#"}}}""");

        Assert.InRange(instance.Length, 1, 1_000_000);
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"default":"\ud83d"}}}""")]
    [InlineData("""{"properties":{"\ud83d":true}}""")]
    public void Of_HalfACharacter_AnObjectStill(string schema) => Assert.Equal("{}", DemoInstance.Of(schema));

    [Theory]
    [InlineData("Where to?", false)]
    [InlineData("/demo json=bad rate=max", true)]
    public async Task StreamAsync_Schema_AnswersToIt(string question, bool isBad)
    {
        var time = new ManualTimeProvider();
        var request = Requests.Saying($"/demo rate=max\n{question}") with { Schema = new ModelSchema("trip", Trip) };
        request = isBad ? request with { Messages = [Requests.User(question)] } : request;

        var first = await AnswerAsync(request);
        var corrected = Requests.User("/demo rate=max\nThat was wrong.");
        var second = await AnswerAsync(request with
        {
            Messages = [.. request.Messages, Requests.Assistant(first), corrected],
        });

        Assert.Equal(isBad ? "This is no JSON." : DemoInstance.Of(Trip), first);
        Assert.Equal(DemoInstance.Of(Trip), second);

        async Task<string> AnswerAsync(ModelRequest asked) => string.Concat(
            (await Transcript.ReadAsync(new DemoProvider(time).StreamAsync(asked, CancellationToken.None)))
                .Where(one => one.Kind == ModelEventKind.Answer).Select(one => one.Text));
    }
}
