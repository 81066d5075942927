using ChatGrpc.Model;

namespace ChatGrpc.Tests.Model;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("demoo", " Did you mean demo?")]
    [InlineData("DEMO", " Did you mean demo?")]
    [InlineData("opnai", " Did you mean openai?")]
    [InlineData("gpt-99", "")]
    [InlineData("", "")]
    [InlineData("x", "")]
    public void Suggest_AName_IsTheNearestOrNothing(string name, string words) =>
        Assert.Equal(words, NearNames.Suggest(name, ["demo", "openai", "openai-mini"]));

    [Fact]
    public void Suggest_NothingKnown_IsNothing() => Assert.Equal("", NearNames.Suggest("demo", []));
}
