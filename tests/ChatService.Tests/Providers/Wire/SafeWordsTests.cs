using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Wire;

public sealed class SafeWordsTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  \n ", "")]
    [InlineData("Too many.", "Too many.")]
    [InlineData("one\r\n\u001b[31mtwo\0three\u0085", "one [31mtwo three")]
    [InlineData("your key sk-Secret1 is bad", "your key *** is bad")]
    [InlineData("SK-SECRET1", "***")]
    public void From_Words_OneLineWithoutTheKey(string? words, string expected) =>
        Assert.Equal(expected, SafeWords.From(words, "sk-Secret1"));

    [Fact]
    public void From_LongWords_CutAfterTheKeyIsMasked()
    {
        // The limit falls into the key.
        var words = new string('x', 295) + "sk-Secret1" + new string('y', 1000);

        var safe = SafeWords.From(words, "sk-Secret1");

        Assert.Equal(new string('x', 295) + "***yy…", safe);
    }

    [Fact]
    public void From_EmojiAtTheLimit_StaysWhole() =>
        Assert.Equal(new string('x', 299) + "😀…", SafeWords.From(new string('x', 299) + "😀 and more", null));
}
