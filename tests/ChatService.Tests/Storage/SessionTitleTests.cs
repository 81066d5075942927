using System.Globalization;
using Chat.V1;
using ChatGrpc.Storage;
using Google.Protobuf;

namespace ChatGrpc.Tests.Storage;

public sealed class SessionTitleTests
{
    private const string Family = "👨‍👩‍👧‍👦";

    private static readonly Part Picture =
        new() { Image = new Image { MediaType = "image/png", Data = ByteString.Empty } };

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("  Hello \t\u00A0\u3000 there  ", "Hello there")]
    [InlineData("\r\n \u2028\n\u200B\u0301\nSecond\nThird", "Second")]
    [InlineData("one\u2028two", "one")]
    [InlineData("one\u0085two", "one")]
    [InlineData("be\u0007l\u001B[31ml\u007F", "bel[31ml")]
    [InlineData("?!... --- ;-)", "?!... --- ;-)")]
    [InlineData("\u202Egnp.exe\u202C \u2066x\u2069\uFEFF", "gnp.exe x")]
    [InlineData("שלום עולם", "שלום עולם")]
    [InlineData("می‌خواهم", "می‌خواهم")]
    [InlineData("👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽", "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽")]
    public void Of_Text_IsItsFirstLineWithSomethingInIt(string text, string title) =>
        Assert.Equal(title, Of(text));

    [Fact]
    public void Of_LongText_IsCutBetweenWords()
    {
        Assert.Equal(
            "The quick brown fox jumps over the lazy dog and then it…",
            Of("The quick brown fox jumps over the lazy dog and then it unexpectedly stops"));
        Assert.Equal($"{new string('a', 59)}…", Of($"{new string('a', 59)} {new string('b', 59)}"));
        Assert.Equal($"{new string('a', 60)}…", Of($"{new string('a', 60)} b"));
        Assert.Equal(new string('a', 60), Of(new string('a', 60)));
    }

    [Fact]
    public void Of_AWordWithoutEnd_IsCutInIt()
    {
        Assert.Equal($"{new string('x', 60)}…", Of(new string('x', 100_000)));
        Assert.Equal($"Look: {new string('x', 54)}…", Of($"Look: {new string('x', 100_000)}"));
        Assert.Equal($"{new string('字', 60)}…", Of(new string('字', 100_000)));
    }

    [Fact]
    public void Of_EmojiWithJoiners_AreWholeOrNotThere()
    {
        var title = Of(string.Concat(Enumerable.Repeat(Family, 1_000)));

        var elements = new StringInfo(title.TrimEnd('…'));
        Assert.EndsWith("…", title, StringComparison.Ordinal);
        Assert.All(
            Enumerable.Range(0, elements.LengthInTextElements),
            i => Assert.Equal(Family, elements.SubstringByTextElements(i, 1)));
        Assert.InRange(elements.LengthInTextElements, 20, 60);
        Assert.InRange(title.EnumerateRunes().Count(), 1, 200);
    }

    [Fact]
    public void Of_ASpaceThatCarriesAMark_IsNoPlaceToCut()
    {
        var title = Of($"{new string('a', 40)} \u0301{new string('b', 100)}");

        Assert.Equal($"{new string('a', 40)} \u0301{new string('b', 19)}…", title);
    }

    [Theory]
    [InlineData(199)]
    [InlineData(1_000)]
    [InlineData(99_999)]
    public void Of_MarksPiledUpOnACharacter_AreLeftOutWhole(int marks)
    {
        Assert.Equal("Hi…", Of($"Hi e{new string('\u0301', marks)} more"));
        Assert.Equal("Untitled", Of($"e{new string('\u0301', Math.Max(marks, 300))}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u200B\u200D")]
    [InlineData("\u0301")]
    public void Of_NothingToSee_HasAName(string text) => Assert.Equal("Untitled", Of(text));

    [Fact]
    public void Of_Images_SaysSoUnlessThereIsText()
    {
        Assert.Equal("Image", SessionTitle.Of([Picture]));
        Assert.Equal("Image", SessionTitle.Of([new Part { Text = "\n\u200B" }, Picture, Picture]));
        Assert.Equal("What is it?", SessionTitle.Of([Picture, new Part { Text = "What is it?" }]));
        Assert.Equal("Untitled", SessionTitle.Of([]));
    }

    private static string Of(string text) => SessionTitle.Of([new Part { Text = text }]);
}
