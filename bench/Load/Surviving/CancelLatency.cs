using System.Diagnostics;
using Chat.V1;
using ChatGrpc.Bench.Load.EndToEnd;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>From the client's CancelStream to the provider, which sees its connection go; and to the answer.</summary>
internal static class CancelLatency
{
    public static async Task RunAsync(int cancels)
    {
        Console.WriteLine("| from CancelStream, ms | p50 | p99 | longest |");
        Console.WriteLine("|---|---|---|---|");
        using var provider = new HangingProvider();
        var data = Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
        using (var service = await MeasuredProcess.StartAsync(
            "ChatService",
            new Dictionary<string, string> { ["OPENAI_BASE_URL"] = provider.Address.ToString() },
            "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}"))
        {
            await MeasureAsync(service.Address, provider, cancels, liveStreams: 0);
            await MeasureAsync(service.Address, provider, cancels, liveStreams: 100);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task MeasureAsync(Uri service, HangingProvider provider, int cancels, int liveStreams)
    {
        using var channel = GrpcChannel.ForAddress(service);
        var client = new ChatService.ChatServiceClient(channel);
        var live = await Task.WhenAll(Enumerable.Range(0, liveStreams).Select(_ => LiveStream.StartAsync(
            client, "/demo tokens=100000 rate=10", "demo")));
        var (aborted, answered) = (new List<double>(), new List<double>());

        // Those before the first that counts warm the processes up.
        for (var i = -cancels / 4; i < cancels; i++)
        {
            var (abort, answer) = await CancelAsync(client, provider);
            if (i >= 0)
            {
                aborted.Add(abort);
                answered.Add(answer);
            }
        }

        Milliseconds.Print($"to the provider's end of connection, beside {liveStreams} live streams", aborted);
        Milliseconds.Print($"to the answer, after the closing commit, beside {liveStreams}", answered);
        foreach (var stream in live)
        {
            await stream.DisposeAsync();
        }
    }

    private static async Task<(double Abort, double Answer)> CancelAsync(
        ChatService.ChatServiceClient client, HangingProvider provider)
    {
        using var call = client.StreamChat(new StreamChatRequest { Message = "Hello" });
        _ = await call.ResponseStream.MoveNext(CancellationToken.None);
        var stream = call.ResponseStream.Current.SessionInfo.StreamId;
        _ = await call.ResponseStream.MoveNext(CancellationToken.None);

        var started = Stopwatch.GetTimestamp();
        var ended = await client.CancelStreamAsync(new CancelStreamRequest { StreamId = stream });
        var answered = Stopwatch.GetTimestamp();
        return ended.State == StreamState.Cancelled
            ? (Elapsed(await provider.NextLeftAsync()), Elapsed(answered))
            : throw new InvalidOperationException($"The turn ended {ended.State}.");

        double Elapsed(long until) => Stopwatch.GetElapsedTime(started, until).TotalMilliseconds;
    }
}
