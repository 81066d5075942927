namespace ChatGrpc.Schemas;

/// <summary>One schema: all of its rules hold of a value, or the value breaks it.</summary>
internal sealed class SchemaNode
{
    private IReadOnlyList<SchemaRule> _rules = [];

    /// <summary>
    /// Given once, after the node was made: a rule may lead back to it.
    /// </summary>
    public IReadOnlyList<SchemaRule> Rules
    {
        get => _rules;
        set
        {
            _rules = value;
            InPlace = [.. value.SelectMany(rule => rule.InPlace)];
        }
    }

    /// <summary>The schemas that hold of the same value.</summary>
    public IReadOnlyList<SchemaNode> InPlace { get; private set; } = [];
}
