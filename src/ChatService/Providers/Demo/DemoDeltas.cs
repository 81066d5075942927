using System.Text;

namespace ChatGrpc.Providers.Demo;

/// <summary>So many deltas of text, from strings that are used again and again: a token costs nothing.</summary>
internal readonly record struct DemoDeltas(string[] Cycle, int Count)
{
    public static readonly DemoDeltas None = new([""], 0);

    private static readonly string[] Words =
    [
        "alpha ", "bravo ", "charlie ", "delta ", "echo ", "foxtrot ", "golf ", "hotel ", "india ", "juliett ",
        "kilo ", "lima ", "mike ", "november ", "oscar ", "papa ", "quebec ", "romeo ", "sierra ", "tango ",
        "uniform ", "victor ", "whiskey ", "xray ", "yankee ", "zulu ",
    ];

    private static readonly string[] Thoughts = ["Hm, ", "let ", "me ", "think ", "about ", "this: "];

    private static readonly string[] HalfEmoji =
        ["\ud83d", "\ude00", "\ud83c", "\udf0d", "\ud83d", "\udc1f", "\ud83d", "\ude80"];

    public string this[int index] => Cycle[index % Cycle.Length];

    public static DemoDeltas OfWords(int count) => new(Words, count);

    public static DemoDeltas OfThoughts(int count) => new(Thoughts, count);

    /// <summary>Emoji, each spread over two deltas; an odd count ends in half of one.</summary>
    public static DemoDeltas OfHalfEmoji(int count) => new(HalfEmoji, count);

    public static DemoDeltas Of(string[] tokens) => new(tokens, tokens.Length);

    /// <summary>The same text up to the first of the stops, which is left out.</summary>
    public DemoDeltas Before(IReadOnlyList<string> stops)
    {
        if (stops.Count == 0)
        {
            return this;
        }

        var whole = Text();
        var end = stops.Select(stop => whole.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0)
            .DefaultIfEmpty(whole.Length).Min();
        return CutAt(end);
    }

    /// <summary>The same text from where what was said of it ends; all of it, if it does not begin like that.</summary>
    public DemoDeltas After(string said)
    {
        if (said.Length == 0 || !Text().StartsWith(said, StringComparison.Ordinal))
        {
            return this;
        }

        var rest = new List<string>();
        var start = said.Length;
        for (var i = 0; i < Count; i++)
        {
            var delta = this[i];
            if (delta.Length > start)
            {
                rest.Add(delta[start..]);
            }

            start = Math.Max(0, start - delta.Length);
        }

        return rest.Count == 0 ? None : new([.. rest], rest.Count);
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            _ = text.Append(this[i]);
        }

        return text.ToString();
    }

    private DemoDeltas CutAt(int end)
    {
        var kept = new List<string>();
        for (var i = 0; i < Count && end > 0; i++)
        {
            var delta = this[i];
            kept.Add(delta.Length <= end ? delta : delta[..end]);
            end -= delta.Length;
        }

        return kept.Count == 0 ? None : new([.. kept], kept.Count);
    }
}
