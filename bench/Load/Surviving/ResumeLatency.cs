using System.Diagnostics;
using System.Net;
using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>
/// A client whose connection was lost: from the new connection's first packet to the first event that it had missed,
/// while live streams run. Beside it, in turn, a new connection to bare Kestrel until the response's headers.
/// </summary>
internal static class ResumeLatency
{
    private const int TokensPerSecond = 10;

    public static async Task RunAsync(int streams, int rounds)
    {
        var data = Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
        await using (var service = await HostProcess.StartAsync(
            "service", "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}"))
        {
            await using var bare = await HostProcess.StartAsync("bare", "http://127.0.0.1:0");
            await MeasureAsync(service.Address, bare.Address, streams, rounds);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task MeasureAsync(Uri service, Uri bare, int streams, int rounds)
    {
        using var channel = GrpcChannel.ForAddress(service);
        var client = new ChatService.ChatServiceClient(channel);
        var live = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => LiveStream.StartAsync(
            client, $"/demo tokens=100000 rate={TokensPerSecond}")));
        var (resumed, connected) = (new List<double>(), new List<double>());

        // The first round warms the processes up and does not count.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var stream in live)
            {
                var one = await ResumeAsync(service, await stream.PlaceAsync());
                var other = await ConnectAsync(bare);
                if (round > 0)
                {
                    resumed.Add(one);
                    connected.Add(other);
                }
            }
        }

        Console.WriteLine("| from connect, ms | p50 | p99 | longest |");
        Console.WriteLine("|---|---|---|---|");
        Milliseconds.Print($"to the first resumed event, {streams} live streams", resumed);
        Milliseconds.Print("bare Kestrel, to the response's headers", connected);
        foreach (var stream in live)
        {
            await stream.DisposeAsync();
        }
    }

    private static async Task<double> ResumeAsync(Uri service, Resume resume)
    {
        var started = Stopwatch.GetTimestamp();
        using var channel = GrpcChannel.ForAddress(service);
        using var call = new ChatService.ChatServiceClient(channel)
            .StreamChat(new StreamChatRequest { Resume = resume });
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.Sequence == resume.AfterSequence + 1)
            {
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        throw new InvalidOperationException("The resumed stream ended.");
    }

    private static async Task<double> ConnectAsync(Uri bare)
    {
        var started = Stopwatch.GetTimestamp();
        using var http = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bare, "/idle"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
