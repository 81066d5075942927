using System.Text.RegularExpressions;

namespace ChatGrpc.Schemas;

/// <summary>A regular expression of a schema, which strangers wrote.</summary>
internal sealed class SchemaPattern
{
    // Patterns that cannot be matched in linear time can take for ever. One that takes longer than this is one of them.
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    // What a match costs of the check's steps: it takes microseconds, where another rule takes a tenth of one.
    private const int StepsPerMatch = 20;

    private readonly Regex _regex;

    private SchemaPattern(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <exception cref="SchemaException">It is no regular expression.</exception>
    public static SchemaPattern Of(string text, SchemaKeywords keywords, string keyword)
    {
        try
        {
            return new(text, Linear(text) ?? new Regex(text, RegexOptions.CultureInvariant, MatchLimit));
        }
        catch (ArgumentException)
        {
            throw keywords.Wrong(keyword, $"has {SchemaPlace.Shown(text)}, which is no regular expression");
        }
    }

    public bool Matches(string text, SchemaCheck check)
    {
        check.Step(StepsPerMatch);
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SchemaException($"The pattern {SchemaPlace.Shown(Text)} takes too long to match.");
        }
    }

    // Null: it looks around or back, for which this engine has no means.
    private static Regex? Linear(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchLimit);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
