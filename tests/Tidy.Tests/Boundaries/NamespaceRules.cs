using System.Text.RegularExpressions;

namespace Tidy.Tests.Boundaries;

/// <summary>The folder tells the namespace; but in src/Grpc, where the official API has its own.</summary>
internal static partial class NamespaceRules
{
    private static readonly (string Folder, string Namespace)[] Roots =
    [
        (Rooms.Service, "ChatGrpc"),
        ("src/ChatClient/", "ChatGrpc.Client"),
        ("tests/TestKit/", "ChatGrpc.TestKit"),
        ("bench/", "ChatGrpc.Bench"),
    ];

    public static IEnumerable<Finding> Agree(SourceFile file)
    {
        var (folder, root) = Roots.FirstOrDefault(root => file.IsIn(root.Folder));
        if (!file.IsCSharp || folder is null)
        {
            yield break;
        }

        var inner = file.Path[folder.Length..].Split('/')[..^1];
        var expected = string.Join('.', inner.Prepend(root));
        foreach (var match in Declared().Matches(file.Code).Where(match => match.Groups[1].Value != expected))
        {
            yield return file.At(
                file.LineOf(match.Index), $"Files in {file.Folder} have the namespace {expected}, as the folder says.");
        }

        // The program's own file has statements at its top, and those have no namespace.
        if (file.Name != "Program.cs" && !Declared().IsMatch(file.Code))
        {
            yield return file.At(1, $"Files in {file.Folder} have the namespace {expected}; this has none.");
        }
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
