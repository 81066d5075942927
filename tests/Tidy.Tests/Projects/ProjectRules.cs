using System.Text.RegularExpressions;

namespace Tidy.Tests.Projects;

/// <summary>No project is forgotten: by the solution, by test.sh, by the table of budgets.</summary>
internal static partial class ProjectRules
{
    private const string Solution = "ChatGrpc.sln";
    private const string Script = "test.sh";
    private const string Guide = "CONTRIBUTING.md";

    public static IEnumerable<Finding> AreInTheSolution(IReadOnlyList<SourceFile> files)
    {
        var solution = TextOf(files, Solution).Replace('\\', '/');
        return
            from project in Projects(files)
            where !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
            select project.At(1, $"{Solution} does not have this project: dotnet sln add {project.Path}");
    }

    public static IEnumerable<Finding> SuitesRun(IReadOnlyList<SourceFile> files)
    {
        var suites = Projects(files).Select(project => Path.GetFileNameWithoutExtension(project.Path))
            .Where(name => name.EndsWith(".Tests", StringComparison.Ordinal)).ToHashSet();
        var budgets = Budgets(TextOf(files, Script), ScriptBudget());
        foreach (var suite in suites.Where(suite => !budgets.ContainsKey(suite)))
        {
            yield return new Finding(Script, 1, $"{suite} has no budget here, so it never runs.");
        }

        foreach (var suite in budgets.Keys.Where(suite => !suites.Contains(suite)))
        {
            yield return new Finding(Script, 1, $"{suite} is run, and there is no such project.");
        }
    }

    /// <summary>The budgets are told in the guide and enforced by the script: the same ones.</summary>
    public static IEnumerable<Finding> BudgetsAgree(IReadOnlyList<SourceFile> files)
    {
        var enforced = Budgets(TextOf(files, Script), ScriptBudget());
        var told = Budgets(TextOf(files, Guide), GuideBudget());
        return
            from suite in enforced.Keys.Union(told.Keys)
            let budget = enforced.GetValueOrDefault(suite, "no")
            let words = told.GetValueOrDefault(suite, "no")
            where budget != words
            select new Finding(Guide, 1, $"{suite} has {words} seconds here and {budget} in {Script}.");
    }

    private static IEnumerable<SourceFile> Projects(IReadOnlyList<SourceFile> files) =>
        files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    private static string TextOf(IReadOnlyList<SourceFile> files, string path) =>
        files.FirstOrDefault(file => file.Path == path)?.Text ?? "";

    private static Dictionary<string, string> Budgets(string text, Regex line) =>
        line.Matches(text).ToDictionary(match => match.Groups["suite"].Value, match => match.Groups["seconds"].Value);

    // "Grpc.Tests 120"
    [GeneratedRegex(@"^\s*""(?<suite>[\w.]+\.Tests) (?<seconds>\d+)""", RegexOptions.Multiline)]
    private static partial Regex ScriptBudget();

    // | `Grpc.Tests` | what it shows | 120 s |
    [GeneratedRegex(@"^\| `(?<suite>[\w.]+\.Tests)` \|.*\| (?<seconds>\d+) s \|", RegexOptions.Multiline)]
    private static partial Regex GuideBudget();
}
