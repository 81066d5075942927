using System.Text.RegularExpressions;

namespace Tidy.Tests.Projects;

/// <summary>An event id finds one message: operators filter by it.</summary>
internal static partial class EventIds
{
    public static IEnumerable<Finding> AreUnique(IReadOnlyList<SourceFile> files)
    {
        var projects = files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => file.Folder + "/").OrderByDescending(folder => folder.Length).ToArray();
        var first = new Dictionary<(string Project, string Id), string>();
        foreach (var (file, id, line) in files.Where(file => file.IsCSharp && file.IsIn("src/")).SelectMany(Ids))
        {
            var project = Array.Find(projects, file.IsIn) ?? "";
            if (id.Length == 0)
            {
                yield return file.At(line, "[LoggerMessage] has an event id of its own, which stays the same.");
            }
            else if (!first.TryAdd((project, id), $"{file.Path}:{line}"))
            {
                yield return file.At(line, $"The event id {id} is taken by {first[(project, id)]}.");
            }
        }
    }

    private static IEnumerable<(SourceFile File, string Id, int Line)> Ids(SourceFile file) =>
        Message().Matches(file.Code)
            .Select(match => (file, Id().Match(match.Value).Groups["id"].Value, file.LineOf(match.Index)));

    [GeneratedRegex(@"\[LoggerMessage\b[^\]]*\]")]
    private static partial Regex Message();

    [GeneratedRegex(@"(?:EventId\s*=\s*|LoggerMessage\(\s*(?:eventId:\s*)?)(?<id>\d[\d_]*)")]
    private static partial Regex Id();
}
