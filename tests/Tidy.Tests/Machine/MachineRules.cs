using System.Text.RegularExpressions;

namespace Tidy.Tests.Machine;

/// <summary>The repository works anywhere, and names no machine that it was written or built on.</summary>
internal static partial class MachineRules
{
    /// <param name="checkout">Where this clone is.</param>
    /// <param name="file">Any file.</param>
    public static IEnumerable<Finding> NoPathsOfOneMachine(string checkout, SourceFile file) =>
        file.InText(HomePath(), "This path is one machine's: name it relative to the repository.")
            .Concat(file.InText(new Regex(Regex.Escape(checkout) + @"\b"), "This path is the one of a clone."));

    /// <summary>npm and NuGet take packages from where the developer's own settings say.</summary>
    public static IEnumerable<Finding> NoRegistryHosts(SourceFile file)
    {
        var pattern = file.Name.ToUpperInvariant() switch
        {
            "PACKAGE-LOCK.JSON" => Resolved(),
            ".NPMRC" => Registry(),
            "NUGET.CONFIG" => Source(),
            _ => null,
        };
        return pattern is null ? [] : file.InText(pattern, "This names a package registry: leave it to the settings.");
    }

    // Homes and the usual places of checkouts on build machines; a path in a URL has a host before it.
    [GeneratedRegex(@"(?<![\w.:/})-])(?:/(?:home|root|Users|builds|mnt|work\w*|__w)/[\w.]|[A-Za-z]:\\\w)")]
    private static partial Regex HomePath();

    [GeneratedRegex(@"""resolved""\s*:\s*""[a-z+]+://")]
    private static partial Regex Resolved();

    [GeneratedRegex(@"registry\s*=")]
    private static partial Regex Registry();

    [GeneratedRegex(@"<add\b[^>]*\bvalue=""https?://")]
    private static partial Regex Source();
}
