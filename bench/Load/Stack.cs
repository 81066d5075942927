using System.Globalization;
using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load;

/// <summary>
/// Server streaming by the gRPC stack alone, beside a bare Kestrel that writes the same bytes already encoded: messages
/// of 60 bytes for each CPU second of the server, in rounds that take turns.
/// </summary>
internal static class Stack
{
    public static async Task RunAsync(int rounds, int messagesPerRound)
    {
        Console.WriteLine(
            "| streams | bare, messages per CPU second | stack | stack of bare | bytes a message, bare | stack |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var streams in new[] { 1, 100, 1_000 })
        {
            await using var bare = await HostProcess.StartAsync("bare", "http://127.0.0.1:0");
            await using var stack = await HostProcess.StartAsync("stack", "http://127.0.0.1:0");
            var messages = messagesPerRound / streams * streams;
            var (bareRounds, stackRounds) = (new List<Figures>(), new List<Figures>());

            // Three rounds warm the processes up, until the code is compiled as it stays.
            for (var round = -3; round < rounds; round++)
            {
                var one = await MeasureAsync(bare, streams, messages);
                var other = await MeasureAsync(stack, streams, messages);
                if (round >= 0)
                {
                    bareRounds.Add(one);
                    stackRounds.Add(other);
                }
            }

            Report(streams, messages, bareRounds, stackRounds);
        }
    }

    private static void Report(int streams, int messages, List<Figures> bare, List<Figures> stack)
    {
        double PerSecond(Figures used) => messages / used.CpuMilliseconds * 1_000;
        double Bytes(Figures used) => (double)used.AllocatedBytes / messages;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {streams} | {Summary.Of([.. bare.Select(PerSecond)])} | {Summary.Of([.. stack.Select(PerSecond)])} "
            + $"| {Summary.Of([.. stack.Zip(bare, (s, b) => PerSecond(s) / PerSecond(b))])} "
            + $"| {Summary.Of([.. bare.Select(Bytes)])} | {Summary.Of([.. stack.Select(Bytes)])} |"));
    }

    private static async Task<Figures> MeasureAsync(HostProcess server, int streams, int messages)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new ChatService.ChatServiceClient(channel);
        var before = await server.FiguresAsync();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ReadAsync(client, messages / streams)));
        var after = await server.FiguresAsync();
        return new Figures(
            after.CpuMilliseconds - before.CpuMilliseconds, after.AllocatedBytes - before.AllocatedBytes, 0);
    }

    private static async Task ReadAsync(ChatService.ChatServiceClient client, int messages)
    {
        using var call = client.StreamChat(
            new StreamChatRequest { Message = messages.ToString(CultureInfo.InvariantCulture) });
        var seen = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            seen++;
        }

        if (seen != messages)
        {
            throw new InvalidOperationException($"{seen} of {messages} messages arrived.");
        }
    }
}
