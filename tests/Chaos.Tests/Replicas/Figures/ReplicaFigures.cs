using System.Globalization;

namespace Chaos.Tests.Replicas.Figures;

/// <summary>Measures what several replicas are like; each figure is a few lines of Markdown.</summary>
internal static class ReplicaFigures
{
    private static readonly Dictionary<string, Func<Action<FormattableString>, Task<bool>>> All = new()
    {
        ["drops"] = DropFigure.MeasureAsync,
        ["rolls"] = RollFigure.MeasureAsync,
        ["cost"] = CostFigure.MeasureAsync,
    };

    /// <param name="wanted">Names of figures; empty: all.</param>
    /// <returns>The exit code: 0 if nothing is wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> wanted)
    {
        var isRight = true;
        foreach (var name in wanted.Count == 0 ? [.. All.Keys] : wanted)
        {
            isRight &= await All[name](line => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture)));
        }

        return isRight ? 0 : 1;
    }

    /// <summary>Of sorted times, in milliseconds.</summary>
    public static double Percentile(IReadOnlyList<TimeSpan> sorted, double share) =>
        sorted[(int)(sorted.Count * share)].TotalMilliseconds;
}
