namespace ChatGrpc.Schemas;

/// <summary>A place in a schema, as a reference would name it: #/properties/age.</summary>
internal sealed record SchemaPlace(string Text)
{
    public static readonly SchemaPlace Root = new("#");

    // So much of what somebody wrote is repeated to them.
    private const int MostShown = 80;

    public SchemaPlace At(string name) => new($"{Text}/{Escaped(name)}");

    public SchemaPlace At(int index) => new($"{Text}/{index}");

    /// <param name="how">What follows the place in a sentence, without its full stop.</param>
    public SchemaException Wrong(string how) => new($"The schema's {Shown(Text)} {how}.");

    /// <summary>The name that a step of a reference means.</summary>
    public static string NameOf(string step) => Uri.UnescapeDataString(step)
        .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    public static string Shown(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";

    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
