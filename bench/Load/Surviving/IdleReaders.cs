using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>Readers of turns that say nothing for now, beside idle streams of bare Kestrel: memory of each.</summary>
internal static class IdleReaders
{
    // So many readers of one turn: a session that a team watches.
    private const int ReadersOfATurn = 100;

    public static async Task RunAsync(int readers)
    {
        Console.WriteLine("| open streams | resident KiB each | managed by |");
        Console.WriteLine("|---|---|---|");
        var data = Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
        await using (var service = await HostProcess.StartAsync(
            "service", "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}",
            "--Chat:Turns:Stall=01:00:00", "--Chat:Turns:Total=01:00:00", "--Chat:Turns:Heartbeat=01:00:00"))
        {
            await MeasureAsync(service, readers);
        }

        Directory.Delete(data, recursive: true);
        await using var bare = await HostProcess.StartAsync("bare", "http://127.0.0.1:0");
        await Waiting.MeasureBareAsync(bare, readers);
    }

    private static async Task MeasureAsync(HostProcess service, int readers)
    {
        using var channel = GrpcChannel.ForAddress(service.Address);
        var client = new ChatService.ChatServiceClient(channel);
        var turns = new List<string>();
        var calls = new List<IDisposable>();
        for (var i = 0; i < readers / ReadersOfATurn; i++)
        {
            turns.Add(await OpenAsync(new StreamChatRequest { Message = "/demo tokens=20 rate=max hang after=10" }));
        }

        // One reader of each first: what the first of all needs is not counted.
        await ReadAsync(1);
        var before = await service.CollectedFiguresAsync();
        await ReadAsync(ReadersOfATurn);
        var after = await service.CollectedFiguresAsync();
        Waiting.Report(before, after, readers, "the service, an idle reader");
        calls.ForEach(call => call.Dispose());

        async Task ReadAsync(int each)
        {
            foreach (var turn in turns)
            {
                _ = await Task.WhenAll(Enumerable.Range(0, each).Select(_ => OpenAsync(
                    new StreamChatRequest { Resume = new Resume { StreamId = turn } })));
            }
        }

        // Read to its tenth token, after which nothing comes.
        async Task<string> OpenAsync(StreamChatRequest request)
        {
            var call = client.StreamChat(request);
            lock (calls)
            {
                calls.Add(call);
            }

            var stream = "";
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                stream = call.ResponseStream.Current.SessionInfo?.StreamId ?? stream;
                if (call.ResponseStream.Current.Sequence == 10)
                {
                    break;
                }
            }

            return stream;
        }
    }
}
