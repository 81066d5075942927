using System.Globalization;

namespace ChatGrpc.Bench.Load;

/// <summary>The median of some rounds, with the range beside it.</summary>
internal static class Summary
{
    public static string Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return $"{Text(sorted[sorted.Length / 2])} ({Text(sorted[0])}-{Text(sorted[^1])})";
    }

    // Three digits are more than any of these figures deserves.
    private static string Text(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "N2" : Math.Abs(value) < 100 ? "N1" : "N0", CultureInfo.InvariantCulture);
}
