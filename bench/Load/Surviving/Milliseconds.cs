using System.Globalization;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>Times of many samples, as a row.</summary>
internal static class Milliseconds
{
    public static void Print(string what, IReadOnlyCollection<double> samples) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} ({samples.Count}) | {Percentile(samples, 0.5):0.00} | {Percentile(samples, 0.99):0.00} "
        + $"| {samples.Max():0.00} |"));

    public static double Percentile(IReadOnlyCollection<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
