using ChatGrpc.Providers.Demo;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoWordsTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("Hello, you there", new[] { "Hello,", " you", " there" })]
    [InlineData("a\n\n b ", new[] { "a", "\n\n b", " " })]
    [InlineData("internationalisation", new[] { "internationa", "lisation" })]
    [InlineData("你好世界吗", new[] { "你好", "世界", "吗" })]
    [InlineData("😀😀😀", new[] { "😀😀", "😀" })]
    public void Split_Text_WordsOrPiecesOfThem(string text, string[] expected)
    {
        Assert.Equal(expected, DemoWords.Split(text));
        Assert.Equal(expected.Length, DemoWords.Count(text));
    }

    [Fact]
    public void SplitPairs_EveryPair_OverTwoTokens() => Assert.Equal(
        ["a\ud83d", "\ude00b\ud83c", "\udf0d", "c"], DemoWords.SplitPairs(["a😀b🌍", "c"]));

    [Fact]
    public void Split_HalfAPair_ComesBackTheSame() =>
        Assert.Equal("a\ud83d b\ude00", string.Concat(DemoWords.Split("a\ud83d b\ude00")));
}
