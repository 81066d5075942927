using System.Diagnostics;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <param name="PacedMicroseconds">CPU of a token while all streams are open; NaN where nothing is measured.</param>
/// <param name="WholeMicroseconds">CPU of a token with its share of opening and closing the streams.</param>
/// <param name="FirstToken">The median of its streams, in milliseconds.</param>
/// <param name="ResidentBytes">In the middle of the round.</param>
internal sealed record RoundFigures(
    double PacedMicroseconds, double WholeMicroseconds, double FirstToken, double P50, double P99, double Longest,
    long ResidentBytes);

/// <summary>One round of one contender: so many streams, opened evenly over a while, and all of them read.</summary>
internal static class Round
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="rate">Tokens a second for each stream; 0: as fast as possible.</param>
    /// <param name="opening">Over which the streams are opened.</param>
    public static async Task<RoundFigures> RunAsync(
        Contender contender, int streams, int tokens, int rate, TimeSpan opening)
    {
        var recorder = new Recorder(streams, tokens);
        var cpuBefore = Cpu(contender);
        var opened = new List<TokenStream>(streams);
        await OpenEvenlyAsync(streams, opened, opening, () =>
        {
            var stream = new TokenStream(tokens, recorder);
            contender.Target.Open($"tokens={tokens} rate={rate}", stream);
            return stream;
        });
        var all = Task.WhenAll(opened.Select(stream => stream.Ended));
        var paced = double.NaN;
        long resident = 0;
        if (rate > 0)
        {
            await Task.WhenAny(recorder.AllStarted, all).WaitAsync(Patience);
            var (cpu, count) = (Cpu(contender), recorder.Count);
            resident = contender.Process?.ResidentBytes ?? 0;
            await Task.WhenAny(recorder.FirstEnded, all).WaitAsync(Patience);
            paced = (Cpu(contender) - cpu) / (recorder.Count - count);
        }

        await all.WaitAsync(Patience);
        return new RoundFigures(
            paced, (Cpu(contender) - cpuBefore) / recorder.Count,
            opened.Select(stream => stream.FirstToken.TotalMilliseconds).Order().ElementAt(streams / 2),
            recorder.Percentile(0.5), recorder.Percentile(0.99), recorder.Percentile(1), resident);
    }

    /// <summary>One short answer after the other on warm connections: milliseconds to each first token.</summary>
    public static async Task<double[]> FirstTokensAsync(Contender contender, int requests)
    {
        var times = new double[requests];
        for (var i = 0; i < requests; i++)
        {
            var stream = new TokenStream(1, new Recorder(1, 1));
            contender.Target.Open("tokens=1 rate=0", stream);
            await stream.Ended.WaitAsync(Patience);
            times[i] = stream.FirstToken.TotalMilliseconds;
        }

        return times;
    }

    private static async Task OpenEvenlyAsync(
        int streams, List<TokenStream> opened, TimeSpan opening, Func<TokenStream> open)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var started = Stopwatch.GetTimestamp();
        while (opened.Count < streams)
        {
            await timer.WaitForNextTickAsync();
            var due = Math.Min(streams, 1 + (int)(streams * (Stopwatch.GetElapsedTime(started) / opening)));
            while (opened.Count < due)
            {
                opened.Add(open());
            }
        }
    }

    private static double Cpu(Contender contender) => contender.Process?.Cpu.TotalMicroseconds ?? double.NaN;
}
