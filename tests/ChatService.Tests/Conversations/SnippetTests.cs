using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Storage.Search;

namespace ChatGrpc.Tests.Conversations;

public sealed class SnippetTests
{
    [Theory]
    [InlineData("The ﬁnal word", "fin", "The [ﬁn]al word")]
    [InlineData("The Straße is", "ss", "The Stra[ß]e is")]
    [InlineData("cafe\u0301 au", "fe", "ca[fe\u0301] au")]
    [InlineData("ein 한글 text", "한글", "ein [한글] text")]
    [InlineData("\u1112\u1161\u11AB글!", "한글", "[\u1112\u1161\u11AB글]!")]
    [InlineData("a 👨‍👩‍👧 b", "👩‍👧", "a 👨‍[👩‍👧] b")]
    [InlineData("אמר שָׁלוֹם לך", "שלום", "אמר [שָׁלוֹם] לך")]
    [InlineData("one\ntwo\tone", "one two", "[one] [two] [one]")]
    [InlineData("aaaa", "aa", "[aaaa]")]
    public void Show_Terms_MarksThemInOneLine(string text, string query, string marked)
    {
        var hit = Hit(text, query);

        Assert.Equal(marked, Marked(hit));
    }

    [Fact]
    public void Show_LongText_TheWordsAroundTheFirstPlace()
    {
        var hit = Hit(new string('x', 5_000) + " sought " + new string('y', 5_000) + " sought", "sought");

        Assert.Equal(200, hit.Snippet.EnumerateRunes().Count());
        Assert.Equal("[sought]", Assert.Single(hit.Matches) is var span
            ? $"[{hit.Snippet[span.Start..span.End]}]" : "");
        Assert.StartsWith("xxx", hit.Snippet, StringComparison.Ordinal);
        Assert.EndsWith("yyy", hit.Snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_AtTheEndOfALongText_TheLastWords()
    {
        var hit = Hit(new string('x', 5_000) + " sought", "sought");

        Assert.Equal(200, hit.Snippet.Length);
        Assert.EndsWith(" sought", hit.Snippet, StringComparison.Ordinal);
    }

    private static SearchHit Hit(string text, string query)
    {
        var hit = new SearchHit();
        Snippet.Show(hit, text, SearchTerms.Read(query)!);
        return hit;
    }

    private static string Marked(SearchHit hit)
    {
        var runes = hit.Snippet.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        foreach (var span in hit.Matches.Reverse())
        {
            runes.Insert(span.End, "]");
            runes.Insert(span.Start, "[");
        }

        return string.Concat(runes);
    }
}
