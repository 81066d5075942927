using ChatGrpc.Tools;

namespace ChatGrpc.Turns;

/// <summary>
/// Makes whole Unicode scalars of a model's deltas: half a surrogate pair is held until its other half comes, and
/// becomes U+FFFD if it never does. NUL becomes U+FFFD too: no store can keep it.
/// </summary>
internal sealed class ScalarAssembler
{
    private const char Replacement = '\uFFFD';

    private char _held;

    /// <summary>What can be shown now: usually the delta itself, sometimes nothing.</summary>
    public string Next(string delta)
    {
        if (_held == 0 && StorableText.IsStorable(delta))
        {
            return delta;
        }

        var text = _held == 0 ? delta : _held + delta;
        _held = '\0';
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            _held = text[^1];
            text = text[..^1];
        }

        return StorableText.Of(text);
    }

    /// <summary>What was held and can no longer become whole.</summary>
    public string End()
    {
        var rest = _held == 0 ? "" : Replacement.ToString();
        _held = '\0';
        return rest;
    }
}
