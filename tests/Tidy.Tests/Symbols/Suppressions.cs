using System.Text.RegularExpressions;

namespace Tidy.Tests.Symbols;

/// <summary>A warning that is switched off has its reason beside it.</summary>
internal static partial class Suppressions
{
    private static readonly string[] ProjectEndings = [".csproj", ".props", ".targets"];

    public static IEnumerable<Finding> HaveReasons(SourceFile file) =>
        file.IsCSharp ? Pragmas(file).Concat(Attributes(file))
        : ProjectEndings.Contains(Path.GetExtension(file.Path)) ? Projects(file)
        : [];

    private static IEnumerable<Finding> Pragmas(SourceFile file) =>
        from match in Pragma().Matches(file.Code)
        let line = file.LineOf(match.Index)
        where !HasCommentBeside(file, line, "//")
        select file.At(line, "A #pragma warning disable tells its reason in a comment on its line or the one above.");

    private static IEnumerable<Finding> Attributes(SourceFile file) =>
        from match in Attribute().Matches(file.Code)
        where !Justification().IsMatch(match.Value)
        select file.At(file.LineOf(match.Index), "[SuppressMessage] tells its reason in Justification.");

    private static IEnumerable<Finding> Projects(SourceFile file) =>
        from match in Switch().Matches(file.Text)
        let line = file.LineOf(match.Index)
        where !HasCommentBeside(file, line, "<!--")
        select file.At(line, "A warning is switched off with its reason in a comment on its line or the one above.");

    private static bool HasCommentBeside(SourceFile file, int line, string comment) =>
        file.Lines[line - 1].Contains(comment, StringComparison.Ordinal)
        || (line > 1 && file.Lines[line - 2].TrimStart().StartsWith(comment, StringComparison.Ordinal));

    [GeneratedRegex(@"#pragma\s+warning\s+disable")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"\[(?:\w+:\s*)?(?:UnconditionalSuppressMessage|SuppressMessage)\b[^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\bJustification\s*=\s*""\s+""")]
    private static partial Regex Justification();

    [GeneratedRegex(@"<(?:NoWarn|WarningsNotAsErrors|DisabledWarnings)\b|\bNoWarn=""|<TreatWarningsAsErrors>\s*false")]
    private static partial Regex Switch();
}
