using System.Globalization;
using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load;

/// <summary>
/// The demo model without a pause: how many tokens a CPU second of the service carries to its clients.
/// </summary>
internal static class FlatOut
{
    public static async Task RunAsync(int rounds, int tokensPerRound)
    {
        Console.WriteLine("| streams | tokens a round | tokens per CPU second | allocated bytes per token |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var streams in new[] { 1, 10, 100 })
        {
            var data = Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
            await using (var host = await HostProcess.StartAsync(
                "service", "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}"))
            {
                await MeasureAsync(host, streams, tokensPerRound / streams, rounds);
            }

            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task MeasureAsync(HostProcess host, int streams, int tokens, int rounds)
    {
        using var channel = GrpcChannel.ForAddress(host.Address);
        var client = new ChatService.ChatServiceClient(channel);
        var throughput = new List<double>();
        var allocation = new List<double>();

        // The first round warms the process up and does not count.
        for (var round = 0; round <= rounds; round++)
        {
            var before = await host.FiguresAsync();
            await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ReadAsync(client, tokens)));
            var after = await host.FiguresAsync();
            if (round > 0)
            {
                var all = (double)streams * tokens;
                throughput.Add(all / (after.CpuMilliseconds - before.CpuMilliseconds) * 1_000);
                allocation.Add((after.AllocatedBytes - before.AllocatedBytes) / all);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {streams} | {streams * tokens} | {Summary.Of(throughput)} | {Summary.Of(allocation)} |"));
    }

    private static async Task ReadAsync(ChatService.ChatServiceClient client, int tokens)
    {
        using var call = client.StreamChat(new StreamChatRequest { Message = $"/demo tokens={tokens} rate=max" });
        var seen = 0;
        long next = 1;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var current = call.ResponseStream.Current;
            seen += current.Token is null ? 0 : 1;
            if (current.Sequence != 0 && current.Sequence != next++)
            {
                throw new InvalidOperationException($"Sequence {current.Sequence} came instead of {next - 1}.");
            }
        }

        if (seen != tokens)
        {
            throw new InvalidOperationException($"{seen} of {tokens} tokens arrived.");
        }
    }
}
