using System.CommandLine;
using System.CommandLine.Parsing;

namespace ChatGrpc.Client;

/// <summary>An option that is none, where words may stand: the parser takes it for one of them.</summary>
internal static class UnknownOption
{
    /// <summary>What is wrong with the words; null: nothing.</summary>
    public static string? In(ParseResult parsed, IEnumerable<string> words)
    {
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
        {
            return null;
        }

        var unknown = words.FirstOrDefault(
            word => word.StartsWith("--", StringComparison.Ordinal) && !word.Any(char.IsWhiteSpace));
        return unknown is null ? null : $"There is no option {unknown}; as a word it goes after --.";
    }
}
