namespace ChatGrpc.Tests.Providers;

/// <summary>A text in pieces, in every way that matters.</summary>
internal static class Splits
{
    /// <summary>Two pieces, then three, then single units.</summary>
    public static IEnumerable<string[]> Of(string text)
    {
        for (var first = 0; first <= text.Length; first++)
        {
            yield return [text[..first], text[first..]];
            for (var second = first; second <= text.Length; second++)
            {
                yield return [text[..first], text[first..second], text[second..]];
            }
        }

        yield return [.. text.Select(unit => unit.ToString())];
    }

    public static string[] AtRandom(string text, Random random)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, random.Next(1, 9));
            pieces.Add(text.Substring(at, length));
            at += length;
        }

        return [.. pieces];
    }
}
