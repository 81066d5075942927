using System.Text.RegularExpressions;

namespace ChatGrpc.Client.Transfer;

/// <summary>Names for the files of sessions. In an id no sign means something in a path, but where it begins.</summary>
internal sealed partial class SessionFileNames
{
    // Two ids that differ in case alone are one name to some file systems.
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="ending">With its dot.</param>
    public string Next(string session, string ending)
    {
        var name = Of(session);
        var numbered = name;
        for (var i = 2; !_taken.Add(numbered); i++)
        {
            numbered = $"{name} ({i})";
        }

        return numbered + ending;
    }

    // No id has a percent sign: what is written so is no other session's name.
    private static string Of(string session) =>
        Unfit().IsMatch(session) ? $"%{(int)session[0]:X2}{session[1..]}" : session;

    // Files that are hidden, that look like an option, and those that Windows keeps for devices.
    [GeneratedRegex(@"^([.-]|(con|prn|aux|nul|com\d|lpt\d)(\.|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Unfit();
}
