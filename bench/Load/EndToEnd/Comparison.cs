using System.Globalization;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <param name="Rounds">Counted ones, after one that warms up.</param>
/// <param name="Seconds">How long a paced stream speaks.</param>
internal sealed record Extent(int Rounds, int Seconds, int FirstTokens, int FlatOutTokens, params int[] Streams)
{
    public const int Rate = 10;

    public static Extent Full { get; } = new(5, 10, 200, 2_000, 100, 1_000);

    /// <summary>
    /// No multiple of the pause between two tokens: those of different streams are then spread over time, as if the
    /// streams had nothing to do with each other.
    /// </summary>
    public TimeSpan Opening => TimeSpan.FromSeconds(0.11 * Seconds);

    public static Extent Smoke { get; } = new(1, 1, 5, 100, 20);
}

/// <summary>
/// Several contenders before one stand-in, a process each, round by round one after the other: what disturbs the
/// machine for a while then disturbs all of them.
/// </summary>
internal sealed class Comparison(Extent extent, IReadOnlyList<Contender> contenders)
{
    private const int FlatOutStreams = 100;

    private static readonly string[] Paced =
        ["CPU µs a paced token", "CPU µs a token in all", "first token, p50 ms", "p50 ms", "p99 ms", "longest ms"];

    private readonly Table _table = new();

    public static async Task RunAsync(Extent extent, IReadOnlyList<string> words)
    {
        using var standIn = await MeasuredProcess.StartAsync("StandIn", []);
        var contenders = new List<Contender>();
        try
        {
            foreach (var each in words)
            {
                contenders.Add(await Contender.StartAsync(each, standIn.Address));
            }

            await new Comparison(extent, contenders).RunAsync();
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private async Task RunAsync()
    {
        foreach (var contender in contenders)
        {
            await WarmUpAsync(contender);
        }

        for (var round = 0; round < extent.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                await FirstTokensAsync(contender);
                foreach (var streams in extent.Streams)
                {
                    await PacedAsync(contender, streams);
                }

                await FlatOutAsync(contender);
            }

            await Console.Error.WriteLineAsync($"Round {round + 1} of {extent.Rounds} is done.");
        }

        _table.Print([.. contenders.Select(contender => contender.Words)]);
    }

    // Also the only time when memory can be told: before and after the process has had so many streams at once.
    private async Task WarmUpAsync(Contender contender)
    {
        _ = await SpeakAsync(contender, 10);
        var before = contender.Process?.ResidentBytes ?? 0;
        var streams = extent.Streams[^1];
        var figures = await SpeakAsync(contender, streams);
        if (contender.Process is not null)
        {
            _table.Add(
                contender.Words, Name("resident KiB a stream", streams),
                (figures.ResidentBytes - before) / 1024.0 / streams);
        }

        _ = await RushAsync(contender);
        _ = await Round.FirstTokensAsync(contender, extent.FirstTokens);
    }

    private async Task FirstTokensAsync(Contender contender)
    {
        var times = await Round.FirstTokensAsync(contender, extent.FirstTokens);
        Array.Sort(times);
        _table.Add(contender.Words, "first token alone, p50 ms", times[times.Length / 2]);
        _table.Add(contender.Words, "first token alone, p99 ms", times[(int)(times.Length * 0.99)]);
    }

    private async Task PacedAsync(Contender contender, int streams)
    {
        var figures = await SpeakAsync(contender, streams);
        double[] values =
        [
            figures.PacedMicroseconds, figures.WholeMicroseconds, figures.FirstToken, figures.P50, figures.P99,
            figures.Longest,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            _table.Add(contender.Words, Name(Paced[i], streams), values[i]);
        }
    }

    private async Task FlatOutAsync(Contender contender)
    {
        var figures = await RushAsync(contender);
        _table.Add(
            contender.Words, Name("flat out, tokens a CPU second", FlatOutStreams), 1e6 / figures.WholeMicroseconds);
    }

    private Task<RoundFigures> SpeakAsync(Contender contender, int streams) => Round.RunAsync(
        contender, streams, extent.Seconds * Extent.Rate, Extent.Rate, extent.Opening);

    private Task<RoundFigures> RushAsync(Contender contender) =>
        Round.RunAsync(contender, FlatOutStreams, extent.FlatOutTokens, rate: 0, extent.Opening);

    private static string Name(string figure, int streams) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure}, {streams} streams");
}
