using ChatGrpc.Storage.Search;

namespace ChatGrpc.Tests.Storage.Search;

public sealed class SearchTermsTests
{
    [Theory]
    [InlineData("one two", "one|two")]
    [InlineData("  ONE\u3000one  two ", "one|two")]
    [InlineData("\"one  two\" three", "one two|three")]
    [InlineData("a\"b c\"d", "a|b c|d")]
    [InlineData("\"\" \" \" x", "x")]
    [InlineData("\u0301", "")]
    [InlineData("", "")]
    public void Read_Query_ItsTermsOnce(string query, string terms) =>
        Assert.Equal(terms, string.Join('|', SearchTerms.Read(query)!));

    [Theory]
    [InlineData("\"")]
    [InlineData("one \"two")]
    [InlineData("\"one\" two\"")]
    public void Read_QuoteWithoutTheOther_Null(string query) => Assert.Null(SearchTerms.Read(query));

    [Theory]
    [InlineData("ab", true)]
    [InlineData("人工", true)]
    [InlineData("😀", false)]
    [InlineData("a", false)]
    public void IsIndexed_TwoScalarsAndMore_True(string term, bool isIndexed) =>
        Assert.Equal(isIndexed, SearchTerms.IsIndexed(term));
}
