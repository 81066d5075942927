using System.Diagnostics;

namespace Tidy.Tests;

/// <summary>The files that git tracks, as they are in the working tree.</summary>
internal static class Repository
{
    private static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(20);

    private static readonly Lazy<IReadOnlyList<SourceFile>> Tracked = new(Read);

    public static string Root { get; } = FindRoot();

    /// <summary>Each with its text; a file with a NUL in it is none, and counts as empty.</summary>
    public static IReadOnlyList<SourceFile> Files => Tracked.Value;

    /// <summary>Fails the test with every finding, one a line.</summary>
    public static void Obeys(Func<IReadOnlyList<SourceFile>, IEnumerable<Finding>> rule)
    {
        var findings = rule(Files).Select(finding => finding.ToString()).ToArray();
        Assert.True(findings.Length == 0, $"{findings.Length} findings:\n{string.Join('\n', findings)}");
    }

    /// <inheritdoc cref="Obeys(Func{IReadOnlyList{SourceFile}, IEnumerable{Finding}})"/>
    public static void Obeys(Func<SourceFile, IEnumerable<Finding>> rule) => Obeys(files => files.SelectMany(rule));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ChatGrpc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException(
            $"No folder above {AppContext.BaseDirectory} holds ChatGrpc.sln: run the tests where they were built.");
    }

    private static SourceFile[] Read() =>
    [
        .. Git("ls-files", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Path.Combine(Root, path)))
            .Select(path => new SourceFile(path, TextOf(File.ReadAllText(Path.Combine(Root, path))))),
    ];

    private static string TextOf(string content) => content.Contains('\0', StringComparison.Ordinal) ? "" : content;

    private static string Git(params string[] arguments)
    {
        // The clone may belong to another user than the one who tests, as in a container.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", Root, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        Assert.True(git.WaitForExit(GitPatience), "git did not end.");
        Assert.True(git.ExitCode == 0, $"The tidy tests read what git tracks, and git says: {errors.Result}");
        return output;
    }
}
