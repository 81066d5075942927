using System.Text.RegularExpressions;

namespace Tidy.Tests.CSharp;

/// <summary>The names that a file gives to the others.</summary>
internal static partial class Declarations
{
    public static IEnumerable<string> TypesIn(string code) => Types(code).Select(name => name.Value);

    public static IEnumerable<Group> Types(string code) =>
        Type().Matches(code).Concat(Delegate().Matches(code)).Select(match => match.Groups["name"]);

    /// <summary>Extension methods are called without the name of their class.</summary>
    public static IEnumerable<string> ExtensionsIn(string code) =>
        Extension().Matches(code).Select(match => match.Groups["name"].Value);

    // What follows the keyword in a constraint is lower case or punctuation.
    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex Type();

    [GeneratedRegex(@"\bdelegate\s[^;({]*?\b(?<name>\w+)\s*(?:<[^>]*>)?\s*\(")]
    private static partial Regex Delegate();

    [GeneratedRegex(@"\b(?<name>\w+)\s*(?:<[^()]*>)?\(\s*this\s")]
    private static partial Regex Extension();
}
