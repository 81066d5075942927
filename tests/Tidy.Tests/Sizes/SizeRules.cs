using System.Text.RegularExpressions;
using Tidy.Tests.CSharp;

namespace Tidy.Tests.Sizes;

/// <summary>What a reader can hold at once.</summary>
internal static partial class SizeRules
{
    public const int SoftFileLimit = 250;
    public const int HardFileLimit = 400;
    public const int MedianFileLimit = 80;
    public const int FunctionLimit = 70;
    public const int ColumnLimit = 120;

    public static IEnumerable<Finding> HardLimit(SourceFile file)
    {
        if (file.IsHandWritten && file.Lines.Length > HardFileLimit)
        {
            yield return file.At(
                HardFileLimit + 1, $"A file has at most {HardFileLimit} lines; this one has {file.Lines.Length}.");
        }
    }

    /// <param name="reasons">The files that may be larger than the soft limit, and why.</param>
    public static IEnumerable<Finding> SoftLimit(
        IReadOnlyList<SourceFile> files, IReadOnlyDictionary<string, string> reasons)
    {
        foreach (var file in files.Where(file => file.IsHandWritten && file.Lines.Length > SoftFileLimit))
        {
            if (!reasons.TryGetValue(file.Path, out var reason) || string.IsNullOrWhiteSpace(reason))
            {
                yield return file.At(
                    SoftFileLimit + 1,
                    $"Above {SoftFileLimit} lines ({file.Lines.Length}) a file needs its reason in LargeFiles.cs.");
            }
        }

        foreach (var path in reasons.Keys)
        {
            if (!files.Any(file => file.Path == path && file.Lines.Length > SoftFileLimit))
            {
                yield return new Finding(path, 1, "LargeFiles.cs excuses this file, and it is not large, or gone.");
            }
        }
    }

    public static IEnumerable<Finding> Median(IReadOnlyList<SourceFile> files)
    {
        var lengths = files.Where(file => file.IsCSharp && file.IsIn("src/"))
            .Select(file => file.Lines.Length).Order().ToArray();
        if (lengths.Length > 0 && lengths[lengths.Length / 2] is var median and > MedianFileLimit)
        {
            yield return new Finding(
                "src", 1, $"The median C# file has at most {MedianFileLimit} lines; now it has {median}.");
        }
    }

    public static IEnumerable<Finding> Functions(SourceFile file) =>
        CSharpFunctions(file).Concat(ShellFunctions(file))
            .Where(function => function.Lines > FunctionLimit)
            .Select(function => file.At(
                function.Line,
                $"A function has at most {FunctionLimit} lines; {function.Name} has {function.Lines}."));

    public static IEnumerable<Finding> Columns(SourceFile file) =>
        file.IsHandWritten
            ? file.Lines.Select((line, i) => (line.Length, Line: i + 1))
                .Where(line => line.Length > ColumnLimit)
                .Select(line => file.At(line.Line, $"A line has at most {ColumnLimit} columns; not {line.Length}."))
            : [];

    private static IEnumerable<(string Name, int Line, int Lines)> CSharpFunctions(SourceFile file)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        foreach (var member in Members.Of(file.Code))
        {
            var first = file.LineOf(member.Start);
            yield return (member.Name, first, file.LineOf(member.End) - first + 1);
        }
    }

    private static IEnumerable<(string Name, int Line, int Lines)> ShellFunctions(SourceFile file) =>
        file.IsHandWritten && !file.IsCSharp
            ? ShellFunction().Matches(file.Text).Select(
                match => (match.Groups[1].Value, file.LineOf(match.Index), match.Value.Count(c => c == '\n') + 1))
            : [];

    [GeneratedRegex(@"^(\w+)\(\) *\{$.*?^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellFunction();
}
