using System.Text.RegularExpressions;
using Tidy.Tests.CSharp;

namespace Tidy.Tests;

/// <summary>A file of the repository, by its path from the root with forward slashes.</summary>
internal sealed class SourceFile(string path, string text)
{
    // Written by others and kept as they are: the standard messages of google.rpc.
    private const string Copied = "src/Grpc/Core/Status/Protos/google/";

    private static readonly string[] CodeEndings = [".cs", ".ts", ".proto", ".sh", ".py"];

    private readonly Lazy<string> _code = new(() => CodeMask.Of(text));

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string[] Lines { get; } = text.TrimEnd('\n').Split('\n');

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Code of ours, whatever the language.</summary>
    public bool IsHandWritten =>
        (CodeEndings.Any(ending => Path.EndsWith(ending, StringComparison.Ordinal)) || Path == ".ci/run")
        && !IsIn(Copied);

    /// <summary>The C# without its comments and the text of its literals, every line and column where it was.</summary>
    public string Code => _code.Value;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public bool IsIn(string folder) => Path.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>The line, from 1, of a position in the text or the code.</summary>
    public int LineOf(int position) => 1 + Text.AsSpan(0, position).Count('\n');

    public Finding At(int line, string sentence) => new(Path, line, sentence);

    /// <summary>A finding at each place where the code matches.</summary>
    public IEnumerable<Finding> InCode(Regex pattern, string sentence) =>
        pattern.Matches(Code).Select(match => At(LineOf(match.Index), sentence));

    /// <summary>A finding at each place where the text matches, comments and literals included.</summary>
    public IEnumerable<Finding> InText(Regex pattern, string sentence) =>
        pattern.Matches(Text).Select(match => At(LineOf(match.Index), sentence));

    public override string ToString() => Path;
}
