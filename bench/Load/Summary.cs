using System.Globalization;

namespace ChatGrpc.Bench.Load;

/// <summary>The median of some rounds, with the range beside it.</summary>
internal static class Summary
{
    public static string Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:N0} ({sorted[0]:N0}-{sorted[^1]:N0})");
    }
}
