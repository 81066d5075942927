namespace ChatGrpc.Client.Branches;

/// <summary>
/// What a message is called where somebody types: its id, or the end of it. Not the beginning, which is the time:
/// messages made in the same moment have the same one.
/// </summary>
internal static class MessageName
{
    // 32 random bits: of ten thousand messages, one time in a hundred two have the same end, and then that is told.
    private const int ShownLength = 8;

    // Fewer would be a typing error more often than not.
    private const int ShortestEnd = 4;

    public static string Of(string id) => id.Length > ShownLength ? id[^ShownLength..] : id;

    public static bool IsWhole(string name) => Guid.TryParse(name, out _);

    /// <summary>False: it is a word like any other.</summary>
    public static bool IsOne(string name) => IsWhole(name)
        || (name.Length >= ShortestEnd && name.All(sign => char.IsAsciiHexDigit(sign) || sign == '-'));
}
