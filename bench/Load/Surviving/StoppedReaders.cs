using System.Globalization;
using ChatGrpc.Bench.Load.EndToEnd;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>
/// Streams that are read, beside others: in one round those others are read too, in the next nobody reads them. And
/// when those are cut.
/// </summary>
internal static class StoppedReaders
{
    // A stream's headers and a few tokens.
    private const int WindowBytes = 512;

    private const int Rate = 10;

    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(1.1);

    /// <param name="cutWithinSeconds">How long to wait for the cuts after the rounds; 0: not at all.</param>
    public static async Task RunAsync(int live, int others, int rounds, int seconds, int cutWithinSeconds)
    {
        using var standIn = await MeasuredProcess.StartAsync("StandIn", []);
        using var service = await Contender.StartAsync("service", standIn.Address);
        var table = new Table();
        _ = await ReadAllAsync(service, live, others, seconds);
        for (var round = 0; round < rounds; round++)
        {
            Add("all read", await ReadAllAsync(service, live, others, seconds));
            var (figures, _) = await ReadSomeAsync(service, live, others, seconds, TimeSpan.Zero);
            Add("some stopped", figures);
        }

        table.Print(["all read", "some stopped"]);
        if (cutWithinSeconds == 0)
        {
            return;
        }

        var (_, cut) = await ReadSomeAsync(service, live, others, seconds, TimeSpan.FromSeconds(cutWithinSeconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{cut.Count} of {others} stopped readers were cut, {cut.DefaultIfEmpty().Min():0.0} to "
            + $"{cut.DefaultIfEmpty().Max():0.0} s after they began."));

        void Add(string column, RoundFigures figures)
        {
            table.Add(column, $"upstream to client, p50 ms, {live} streams", figures.P50);
            table.Add(column, $"upstream to client, p99 ms, {live} streams", figures.P99);
            table.Add(column, $"CPU µs a token of theirs, {live} streams", figures.WholeMicroseconds);
        }
    }

    private static async Task<RoundFigures> ReadAllAsync(Contender service, int live, int others, int seconds)
    {
        var beside = Round.RunAsync(service, others, seconds * Rate, Rate, Opening);
        var figures = await MeasureAsync(service, live, seconds);
        _ = await beside;
        return figures;
    }

    private static async Task<(RoundFigures Figures, IReadOnlyList<double> Cut)> ReadSomeAsync(
        Contender service, int live, int others, int seconds, TimeSpan patience)
    {
        using var stopped = new StoppedConnection(service.Process!.Address.Port, WindowBytes);
        var order = $"tokens={(seconds + (int)patience.TotalSeconds) * Rate} rate={Rate}";
        for (var i = 0; i < others; i++)
        {
            stopped.Open(Http2Target.Headers(service.Process.Address), Http2Target.Message(order));
        }

        var figures = await MeasureAsync(service, live, seconds);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var waited = TimeSpan.Zero; waited < patience && stopped.CutAfterSeconds.Count < others;
            waited += timer.Period)
        {
            _ = await timer.WaitForNextTickAsync();
        }

        return (figures, stopped.CutAfterSeconds);
    }

    private static Task<RoundFigures> MeasureAsync(Contender service, int live, int seconds) =>
        Round.RunAsync(service, live, seconds * Rate, Rate, Opening);
}
