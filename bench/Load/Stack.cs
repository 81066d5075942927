using System.Globalization;
using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load;

/// <summary>
/// Server streaming by the gRPC stack alone, beside a bare Kestrel that writes the same bytes already encoded: messages
/// of 60 bytes for each CPU second of the server, in rounds that take turns. Flat out the server packs many messages
/// into one packet; paced, each travels alone, as tokens do.
/// </summary>
internal static class Stack
{
    public static async Task RunAsync(int rounds, int messagesPerRound)
    {
        Console.WriteLine(
            "| streams | pace | bare, messages per CPU second | stack | of bare | bytes a message, bare | stack |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var streams in new[] { 1, 100, 1_000 })
        {
            await CompareAsync(new Load(streams, messagesPerRound / streams, PauseMilliseconds: 0), rounds);
        }

        // 10,000 messages a second in all: what 2 cores carry without falling behind.
        foreach (var streams in new[] { 100, 1_000 })
        {
            await CompareAsync(new Load(streams, messagesPerRound / 10 / streams, streams / 10), rounds);
        }
    }

    private static async Task CompareAsync(Load load, int rounds)
    {
        await using var bare = await HostProcess.StartAsync("bare", "http://127.0.0.1:0");
        await using var stack = await HostProcess.StartAsync("stack", "http://127.0.0.1:0");
        var (bareRounds, stackRounds) = (new List<Figures>(), new List<Figures>());

        // Three rounds warm the processes up, until the code is compiled as it stays.
        for (var round = -3; round < rounds; round++)
        {
            var one = await MeasureAsync(bare, load);
            var other = await MeasureAsync(stack, load);
            if (round >= 0)
            {
                bareRounds.Add(one);
                stackRounds.Add(other);
            }
        }

        Report(load, bareRounds, stackRounds);
    }

    private static void Report(Load load, List<Figures> bare, List<Figures> stack)
    {
        double PerSecond(Figures used) => load.Messages / used.CpuMilliseconds * 1_000;
        double Bytes(Figures used) => (double)used.AllocatedBytes / load.Messages;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {load.Streams} | {load.Pace} "
            + $"| {Summary.Of([.. bare.Select(PerSecond)])} | {Summary.Of([.. stack.Select(PerSecond)])} "
            + $"| {Summary.Of([.. stack.Zip(bare, (s, b) => PerSecond(s) / PerSecond(b))])} "
            + $"| {Summary.Of([.. bare.Select(Bytes)])} | {Summary.Of([.. stack.Select(Bytes)])} |"));
    }

    private static async Task<Figures> MeasureAsync(HostProcess server, Load load)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new ChatService.ChatServiceClient(channel);
        var before = await server.FiguresAsync();
        await Task.WhenAll(Enumerable.Range(0, load.Streams).Select(_ => ReadAsync(client, load)));
        var after = await server.FiguresAsync();
        return new Figures(
            after.CpuMilliseconds - before.CpuMilliseconds, after.AllocatedBytes - before.AllocatedBytes, 0);
    }

    private static async Task ReadAsync(ChatService.ChatServiceClient client, Load load)
    {
        using var call = client.StreamChat(new StreamChatRequest { Message = load.Text });
        var seen = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            seen++;
        }

        if (seen != load.MessagesEach)
        {
            throw new InvalidOperationException($"{seen} of {load.MessagesEach} messages arrived.");
        }
    }

    private sealed record Load(int Streams, int MessagesEach, int PauseMilliseconds)
    {
        public int Messages => Streams * MessagesEach;

        public string Pace => PauseMilliseconds == 0 ? "flat out" : $"one in {PauseMilliseconds} ms";

        /// <summary>As the servers read it.</summary>
        public string Text => PauseMilliseconds == 0 ? $"{MessagesEach}" : $"{MessagesEach} {PauseMilliseconds}";
    }
}
