using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>The schema false: no value obeys.</summary>
internal sealed class NothingRule : SchemaRule
{
    public override bool Holds(JsonElement value, SchemaCheck check, string path) =>
        check.Wrong(path, "It may not be there.");
}
