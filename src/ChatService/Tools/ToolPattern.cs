namespace ChatGrpc.Tools;

/// <summary>A tool's name, or the beginning of names, written with a * behind it.</summary>
internal readonly record struct ToolPattern(string Text)
{
    private bool IsOpen => Text.EndsWith('*');

    private ReadOnlySpan<char> Beginning => Text.AsSpan().TrimEnd('*');

    public bool Takes(string name) =>
        IsOpen ? name.AsSpan().StartsWith(Beginning, StringComparison.Ordinal) : name == Text;

    /// <summary>It takes a name that begins so, or could take one.</summary>
    public bool Meets(string prefix) =>
        Text.StartsWith(prefix, StringComparison.Ordinal)
        || (IsOpen && prefix.AsSpan().StartsWith(Beginning, StringComparison.Ordinal));

    /// <summary>It is a single name, and that begins so.</summary>
    public bool IsOneOf(string prefix) => !IsOpen && Text.StartsWith(prefix, StringComparison.Ordinal);
}
