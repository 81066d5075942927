namespace ChatGrpc.Providers;

/// <summary>Names of tools in what goes back to a model.</summary>
internal static class ToolName
{
    // What OpenAI takes, and Anthropic after it.
    private const int MostLength = 64;

    /// <summary>
    /// The name as every provider takes it, [A-Za-z0-9_-]{1,64}. Models invent names, and a provider that refuses one
    /// would refuse the rest of the turn.
    /// </summary>
    public static string Near(string name) =>
        name.Length is > 0 and <= MostLength && name.All(IsOfName) ? name
        : name.Length == 0 ? "_"
        : string.Concat(name.Take(MostLength).Select(unit => IsOfName(unit) ? unit : '_'));

    private static bool IsOfName(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-';
}
