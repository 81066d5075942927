using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatGrpc.Tools.Mcp;

/// <summary>
/// Names and words of a server's tools, which anybody may have written: as every provider takes them, and without what
/// a person would not see in them.
/// </summary>
internal static class McpNames
{
    // What every provider takes.
    private const int MaxNameLength = 64;

    // So many hexadecimal digits of a hash tell the tools of a server apart.
    private const int HashLength = 6;

    /// <summary>SERVER_tool.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The server's own name of the tool.</param>
    /// <param name="taken">Names that others have; what is made into one of them gets a hash to it.</param>
    public static string Of(string server, string tool, IReadOnlySet<string> taken)
    {
        var usable = tool.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        var name = $"{server}_{string.Concat(usable)}";
        if (name.Length <= MaxNameLength && !taken.Contains(name))
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool)))[..HashLength];
        return $"{name[..Math.Min(name.Length, MaxNameLength - HashLength - 1)]}_{hash}";
    }

    /// <summary>Without control and format characters, which hide words from people, and cut.</summary>
    public static string Words(string? text, int maxLength)
    {
        var words = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes().TakeWhile(_ => words.Length < maxLength))
        {
            var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            _ = isHidden && rune.Value is not ('\n' or '\t') ? words : words.Append(rune.ToString());
        }

        return words.ToString().Trim();
    }
}
