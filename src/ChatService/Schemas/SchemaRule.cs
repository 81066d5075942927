using System.Text.Json;

namespace ChatGrpc.Schemas;

/// <summary>One keyword of a schema, or some that belong together.</summary>
internal abstract class SchemaRule
{
    /// <summary>Schemas that this rule asks of the very value that it is asked of.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>Whether the value obeys; what is wrong is told to the check.</summary>
    /// <param name="path">Where the value stands, such as $.items[2].name.</param>
    public abstract bool Holds(JsonElement value, SchemaCheck check, string path);
}
