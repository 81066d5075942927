using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChatGrpc.Client.Documents;

/// <summary>A name under which a document can be saved anywhere, whatever a model called it.</summary>
internal static partial class FileName
{
    // With an ending and a number it stays below the 255 bytes that file systems take, at four bytes a character.
    private const int MaxCharacters = 50;

    private static readonly Dictionary<string, string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/json"] = ".json",
        ["text/markdown"] = ".md",
        ["text/plain"] = ".txt",
        ["text/html"] = ".html",
        ["text/csv"] = ".csv",
        ["text/xml"] = ".xml",
        ["application/xml"] = ".xml",
        ["application/yaml"] = ".yaml",
        ["application/toml"] = ".toml",
        ["application/sql"] = ".sql",
        ["application/javascript"] = ".js",
        ["text/javascript"] = ".js",
        ["application/pdf"] = ".pdf",
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
    };

    public static string Of(string title, string mediaType)
    {
        var fit = new StringBuilder();
        foreach (var rune in title.EnumerateRunes())
        {
            _ = fit.Append(IsUnfit(rune) ? " " : rune.ToString());
        }

        var name = Spaces().Replace($"{fit}", " ").Trim(' ', '.');
        name = string.Concat(name.EnumerateRunes().Take(MaxCharacters)).Trim(' ', '.');
        name = name.Length > 0 ? name : "document";
        var ending = Endings.GetValueOrDefault(mediaType.Split(';')[0].Trim(), "");
        name = name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name : name + ending;
        return Devices().IsMatch(name) ? $"_{name}" : name;
    }

    // Signs that have a meaning in paths, and those that would show a name in another order than it has.
    private static bool IsUnfit(Rune rune) =>
        (rune.IsAscii && "<>:\"/\\|?*".Contains((char)rune.Value))
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // Windows keeps these for devices, whatever follows the dot.
    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Devices();
}
