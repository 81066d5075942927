using System.Text.RegularExpressions;

namespace Tidy.Tests.References;

/// <summary>What a program decides by is documented: reasons of errors, codes of warnings, variables.</summary>
internal static partial class Reasons
{
    private const string Protocol = "docs/protocol.md";
    private const string Settings = "docs/settings.md";

    private static readonly string[] Code = ["src/ChatService/", "src/Grpc/Server/"];

    public static IEnumerable<Finding> AreDocumented(IReadOnlyList<SourceFile> files)
    {
        var documented = files.Where(file => file.Path is Protocol or Settings)
            .SelectMany(file => Name().Matches(file.Text)).Select(match => match.Value).ToHashSet();
        return
            from file in files
            where file.IsCSharp && Code.Any(file.IsIn)
            from match in Literal().Matches(file.Text)
            where !documented.Contains(match.Groups[1].Value)
            select file.At(
                file.LineOf(match.Index),
                $"{match.Groups[1].Value} is in neither {Protocol} (a reason) nor {Settings} (a variable).");
    }

    [GeneratedRegex(@"""([A-Z]+(?:_[A-Z]+)+)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b[A-Z]+(?:_[A-Z]+)+\b")]
    private static partial Regex Name();
}
