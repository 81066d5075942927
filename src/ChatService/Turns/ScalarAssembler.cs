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
        if (_held == 0 && IsClean(delta))
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

        return IsClean(text) ? text : Clean(text);
    }

    /// <summary>What was held and can no longer become whole.</summary>
    public string End()
    {
        var rest = _held == 0 ? "" : Replacement.ToString();
        _held = '\0';
        return rest;
    }

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Clean(string text) => string.Create(text.Length, text, static (cleaned, text) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                cleaned[i] = text[i];
                cleaned[i + 1] = text[i + 1];
                i++;
            }
            else
            {
                cleaned[i] = text[i] == '\0' || char.IsSurrogate(text[i]) ? Replacement : text[i];
            }
        }
    });
}
