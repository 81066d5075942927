using System.Globalization;
using System.Text.RegularExpressions;

namespace Chaos.Tests.Truth;

/// <summary>
/// What a client asks. The right answer follows from the text alone, so whoever has the question knows, byte for byte,
/// what the answer is.
/// </summary>
/// <param name="Number">No two questions of a run have the same.</param>
/// <param name="Seed">Chooses the words.</param>
/// <param name="Tokens">How many deltas the answer has.</param>
/// <param name="GapMilliseconds">From one delta to the next.</param>
/// <param name="Width">Words of a delta: with many, what waits for the store reaches the bound of memory.</param>
internal sealed partial record Question(int Number, int Seed, int Tokens, int GapMilliseconds, int Width)
{
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"question {Number} seed {Seed} tokens {Tokens} gap {GapMilliseconds} width {Width}");

    /// <summary>The deltas of the right answer, each of them once.</summary>
    public IReadOnlyList<string> Deltas()
    {
        var dice = new Random(Seed);
        return [.. Enumerable.Range(0, Tokens).Select(_ => Vocabulary.Words(dice, Width))];
    }

    public string Answer() => string.Concat(Deltas());

    public static Question Parse(string text)
    {
        var words = Form().Match(text) is { Success: true } match
            ? match.Groups.Values.Skip(1)
            : throw new FormatException($"This is no question: {text}");
        var numbers = words.Select(word => int.Parse(word.Value, CultureInfo.InvariantCulture)).ToArray();
        return new Question(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    [GeneratedRegex(@"^question (\d+) seed (\d+) tokens (\d+) gap (\d+) width (\d+)$")]
    private static partial Regex Form();
}
