using System.Text;

namespace ChatGrpc.Providers.Demo;

/// <summary>Cuts text into the demo model's tokens: a word with the white space before it, or a piece of one.</summary>
internal static class DemoWords
{
    // What one token may hold; a scalar of a script without spaces fills half of it.
    private const int TokenWidth = 12;
    private const int WideScalarWidth = 6;
    private const int FirstWideScalar = 0x2E80;

    public static string[] Split(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = NextLength(text.AsSpan(at));
            tokens.Add(text.Substring(at, length));
            at += length;
        }

        return [.. tokens];
    }

    public static int Count(string text)
    {
        var count = 0;
        for (var rest = text.AsSpan(); !rest.IsEmpty; rest = rest[NextLength(rest)..])
        {
            count++;
        }

        return count;
    }

    /// <summary>The same tokens, but each surrogate pair spread over two of them.</summary>
    public static string[] SplitPairs(string[] tokens)
    {
        var halves = new List<string>();
        foreach (var token in tokens)
        {
            var start = 0;
            for (var i = 0; i < token.Length; i++)
            {
                if (char.IsHighSurrogate(token[i]))
                {
                    halves.Add(token[start..(i + 1)]);
                    start = i + 1;
                }
            }

            halves.Add(token[start..]);
        }

        return [.. halves];
    }

    private static int NextLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsWhiteSpace(text[length]))
        {
            length++;
        }

        for (var width = 0; width < TokenWidth && length < text.Length && !char.IsWhiteSpace(text[length]);)
        {
            // Half a pair counts as one unit of its own: the text may be anything.
            _ = Rune.DecodeFromUtf16(text[length..], out var rune, out var units);
            width += rune.Value >= FirstWideScalar ? WideScalarWidth : 1;
            length += units;
        }

        return length;
    }
}
