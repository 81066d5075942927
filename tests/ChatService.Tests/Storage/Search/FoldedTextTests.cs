using ChatGrpc.Storage.Search;

namespace ChatGrpc.Tests.Storage.Search;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Hello, WORLD", "hello, world")]
    [InlineData("Straße ẞ", "strasse ss")]
    [InlineData("ﬁnal Ａ１ ①", "final a1 1")]
    [InlineData("é e\u0301 Ö ñ", "e e o n")]
    [InlineData("ΣΊΣΥΦΟΣ ς", "σισυφοσ σ")]
    [InlineData("İstanbul ı", "istanbul ı")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글")]
    [InlineData("하\u11AB", "한")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("人工智能", "人工智能")]
    [InlineData("👨‍👩‍👧 ❤\uFE0F", "👨‍👩‍👧 ❤")]
    [InlineData(" \t one\r\n\u3000two  ", "one two ")]
    [InlineData("𝐀𝔹", "ab")]
    [InlineData("", "")]
    public void Of_TextOfAnyScript_AsItIsCompared(string text, string folded) =>
        Assert.Equal(folded, FoldedText.Of(text));

    [Fact]
    public void Of_HalfOfAPair_IsTheReplacement() => Assert.Equal("a\uFFFDb", FoldedText.Of("a\uD83Db"));

    [Fact]
    public void WithPlaces_LengthsThatChange_TellTheScalarsBehindEachUnit()
    {
        var (text, places) = FoldedText.WithPlaces("ﬁe\u0301 \n 👧ß");

        Assert.Equal("fie 👧ss", text);
        Assert.Equal([(0, 1), (0, 1), (1, 3), (3, 6), (6, 7), (6, 7), (7, 8), (7, 8)], places);
    }

    [Fact]
    public void Of_FoldedText_ChangesNothingMore()
    {
        var all = string.Concat(
            Enumerable.Range(0x20, 0x2FFFF).Where(System.Text.Rune.IsValid).Select(char.ConvertFromUtf32));

        var folded = FoldedText.Of(all);

        Assert.Equal(folded, FoldedText.Of(folded));
    }
}
