using System.Text.RegularExpressions;

namespace ChatGrpc.Model;

/// <summary>A session's id: the caller's own, or one that the service made.</summary>
internal static partial class SessionName
{
    /// <summary>What <see cref="IsOne"/> asks for, in words.</summary>
    public const string Rule = "must be 1 to 128 of the characters A-Z a-z 0-9 . _ -";

    public static bool IsOne(string id) => Form().IsMatch(id);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,128}\z")]
    private static partial Regex Form();
}
