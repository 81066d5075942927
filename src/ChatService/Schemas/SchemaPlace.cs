using System.Globalization;

namespace ChatGrpc.Schemas;

/// <summary>
/// A place in a schema. It holds its own step only: a text for each place below a long name would be too much.
/// </summary>
/// <param name="above">Null: it is the schema itself.</param>
internal sealed class SchemaPlace(SchemaPlace? above, string step)
{
    public static readonly SchemaPlace Root = new(null, "#");

    // So much of what somebody wrote is repeated to them.
    private const int MostShown = 80;

    public SchemaPlace At(string name) => new(this, name);

    public SchemaPlace At(int index) => new(this, index.ToString(CultureInfo.InvariantCulture));

    /// <param name="how">What follows the place in a sentence, without its full stop.</param>
    public SchemaException Wrong(string how) => new($"The schema's {Shown(Text())} {how}.");

    /// <summary>The name that a step of a reference means.</summary>
    public static string NameOf(string step) => Uri.UnescapeDataString(step)
        .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    public static string Shown(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";

    // As a reference would name it: #/properties/age.
    private string Text() => above is null ? step : $"{above.Text()}/{Escaped(step)}";

    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
