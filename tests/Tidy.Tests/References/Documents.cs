using System.Text.RegularExpressions;

namespace Tidy.Tests.References;

/// <summary>Documents that a reader finds, and links that lead somewhere.</summary>
internal static partial class Documents
{
    public static IEnumerable<Finding> AreLinked(IReadOnlyList<SourceFile> files)
    {
        var linked = files.SelectMany(Links).Where(link => link.Target != link.File.Path).Select(link => link.Target)
            .ToHashSet();
        return
            from file in files
            where IsMarkdown(file) && file.IsIn("docs/") && !linked.Contains(file.Path)
            select file.At(1, "No README, CONTRIBUTING or other document links here.");
    }

    public static IEnumerable<Finding> LeadSomewhere(IReadOnlyList<SourceFile> files) =>
        from link in files.SelectMany(Links)
        where !files.Any(file => file.Path == link.Target || file.IsIn(link.Target.TrimEnd('/') + "/"))
        select link.File.At(link.Line, $"The link leads to {link.Target}, which the repository does not have.");

    private static bool IsMarkdown(SourceFile file) => file.Path.EndsWith(".md", StringComparison.Ordinal);

    private static IEnumerable<(SourceFile File, string Target, int Line)> Links(SourceFile file) =>
        from match in IsMarkdown(file) ? Link().Matches(file.Text).AsEnumerable() : []
        let target = match.Groups[1].Value
        where !target.Contains(':', StringComparison.Ordinal)
        select (file, Resolve(file.Folder, target), file.LineOf(match.Index));

    private static string Resolve(string folder, string target)
    {
        var path = new Stack<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
            {
                path.TryPop(out _);
            }
            else if (part is not "." and not "")
            {
                path.Push(part);
            }
        }

        return string.Join('/', path.Reverse());
    }

    // Up to the anchor; a link within the document has nothing before it.
    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
