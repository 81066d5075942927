using System.Globalization;
using ChatGrpc.Bench.Load.EndToEnd;

namespace ChatGrpc.Bench.Load.Stores;

/// <summary>
/// Streams at a pace, each read by whoever asked for it, on several stores, one after the other. A token that is lost,
/// doubled or out of order ends the measurement.
/// </summary>
internal static class Paced
{
    public static async Task RunAsync(int streams, int rate, int seconds, int rounds, IReadOnlyList<string> words)
    {
        using var standIn = await MeasuredProcess.StartAsync("StandIn", []);
        var table = new Table();
        var contenders = new List<Contender>();
        try
        {
            foreach (var each in words)
            {
                contenders.Add(await Contender.StartAsync(each, standIn.Address));

                // The first streams of a process wait for its compiler.
                _ = await SpeakAsync(contenders[^1], streams, rate, seconds: 3);
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    var figures = await SpeakAsync(contender, streams, rate, seconds);
                    Add(contender, "upstream to client, p50 ms", figures.P50);
                    Add(contender, "upstream to client, p99 ms", figures.P99);
                    Add(contender, "upstream to client, longest ms", figures.Longest);
                    Add(contender, "first token, p50 ms", figures.FirstToken);
                    Add(contender, "CPU µs of the service a token", figures.PacedMicroseconds);
                    Add(contender, "tokens", streams * rate * seconds);
                }
            }
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }

        table.Print([.. words.Select(Column)]);

        void Add(Contender contender, string row, double value) => table.Add(
            Column(contender.Words), string.Create(CultureInfo.InvariantCulture, $"{row}, {streams} streams"), value);
    }

    /// <summary>The store of a contender, without the way to it.</summary>
    public static string Column(string words) =>
        words.Contains("ConnectionStrings", StringComparison.Ordinal) ? "PostgreSQL" : "SQLite";

    // A tenth of a second for each ten streams: what is measured is how they run, not how many begin at once.
    private static Task<RoundFigures> SpeakAsync(Contender contender, int streams, int rate, int seconds) =>
        Round.RunAsync(contender, streams, rate * seconds, rate, TimeSpan.FromSeconds(0.0107 * streams));
}
