namespace ChatGrpc.Client.Rendering;

/// <summary>
/// Text that is on the output already and that the answer has not come to again: what was withdrawn, or what another
/// reading showed. As long as the answer says the same, nothing is shown twice.
/// </summary>
internal sealed class ShownAhead
{
    private string _text = "";
    private int _at;

    public bool IsEmpty => _at == _text.Length;

    /// <summary>The answer lost this text, which stands before what it is ahead by already.</summary>
    public void Put(string shown)
    {
        _text = shown + _text[_at..];
        _at = 0;
    }

    /// <summary>Nothing counts any more of what is on the output.</summary>
    public void Clear() => (_text, _at) = ("", 0);

    /// <summary>What of the answer's next text is not shown yet; null: something else is.</summary>
    public string? Take(string next)
    {
        var common = Math.Min(next.Length, _text.Length - _at);
        if (string.CompareOrdinal(_text, _at, next, 0, common) != 0)
        {
            Clear();
            return null;
        }

        _at += common;
        return next[common..];
    }
}
