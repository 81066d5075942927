using ChatGrpc.Bench.Load.EndToEnd;

namespace ChatGrpc.Bench.Load.Stores;

/// <summary>What the opening commit costs: one short answer after the other, the stores taking turns.</summary>
internal static class FirstTokens
{
    public static async Task RunAsync(int rounds, int requests, IReadOnlyList<string> words)
    {
        using var standIn = await MeasuredProcess.StartAsync("StandIn", []);
        var table = new Table();
        var contenders = new List<Contender>();
        try
        {
            foreach (var each in words)
            {
                contenders.Add(await Contender.StartAsync(each, standIn.Address));
                _ = await Round.FirstTokensAsync(contenders[^1], requests * 4);
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    var times = await Round.FirstTokensAsync(contender, requests);
                    Array.Sort(times);
                    table.Add(Paced.Column(contender.Words), "first token, p50 ms", times[times.Length / 2]);
                    table.Add(Paced.Column(contender.Words), "first token, p99 ms", times[(int)(times.Length * 0.99)]);
                }
            }
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }

        table.Print([.. words.Select(Paced.Column)]);
    }
}
