namespace Chaos.Tests.Truth;

/// <summary>Words that are hard on whoever counts in bytes or UTF-16 units, escapes, trims or normalizes.</summary>
internal static class Vocabulary
{
    private static readonly string[] All =
    [
        " streaming", " answer", " of", " the", " database", ",", ".", "\n", "\n\n", "  ", "\t",
        " 你好", "数据库", "坏了", "，流", "还在", "继续", "。", " こんにちは", " приве́т", " naïve", " cafe\u0301", " ﬁn",
        " 👩‍👩‍👧", "🇩🇪", " 👍🏽", "😀", " 𝔘𝔫𝔦", " \"quoted\"",
        " 'it''s'", " \\n", " {\"json\": [1]}", " <b>&amp;</b>",
        " %s %00", "\u200b", " \u202eright to left", " NULL", " --", " $1", " 0x00",
    ];

    public static string Words(Random dice, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => All[dice.Next(All.Length)]));
}
