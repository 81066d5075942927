using System.Net;
using Chat.V1;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load;

/// <summary>
/// Turns whose model has not said anything yet, and beside them idle streams of a bare Kestrel endpoint.
/// </summary>
internal static class Waiting
{
    public static async Task RunAsync(int streams)
    {
        Console.WriteLine("| open streams | resident KiB each | managed by |");
        Console.WriteLine("|---|---|---|");
        var data = Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
        await using (var service = await HostProcess.StartAsync(
            "service", "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}",
            "--Chat:Turns:FirstToken=01:00:00", "--Chat:Turns:Total=01:00:00", "--Chat:Turns:Heartbeat=01:00:00"))
        {
            await MeasureServiceAsync(service, streams);
        }

        Directory.Delete(data, recursive: true);
        await using var bare = await HostProcess.StartAsync("bare", "http://127.0.0.1:0");
        await MeasureBareAsync(bare, streams);
    }

    private static async Task MeasureServiceAsync(HostProcess host, int streams)
    {
        using var channel = GrpcChannel.ForAddress(host.Address);
        var client = new ChatService.ChatServiceClient(channel);
        var calls = new List<IDisposable>();
        await OpenAsync(1, "/demo tokens=100 rate=max");
        var before = await host.CollectedFiguresAsync();
        await OpenAsync(streams, "/demo hang after=0");
        var after = await host.CollectedFiguresAsync();
        Report(before, after, streams, "the service, a waiting turn");
        calls.ForEach(call => call.Dispose());

        async Task OpenAsync(int count, string message)
        {
            for (var i = 0; i < count; i++)
            {
                var call = client.StreamChat(new StreamChatRequest { Message = message });
                calls.Add(call);
                await call.ResponseStream.MoveNext(CancellationToken.None);
            }
        }
    }

    public static async Task MeasureBareAsync(HostProcess host, int streams)
    {
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        using var http = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var responses = new List<HttpResponseMessage>();
        await OpenAsync(1);
        var before = await host.CollectedFiguresAsync();
        await OpenAsync(streams);
        var after = await host.CollectedFiguresAsync();
        Report(before, after, streams, "bare Kestrel, an idle stream");
        responses.ForEach(response => response.Dispose());

        async Task OpenAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/idle"))
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                responses.Add(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
            }
        }
    }

    public static void Report(Figures before, Figures after, int streams, string what) => Console.WriteLine(
        $"| {streams} | {(after.ResidentBytes - before.ResidentBytes) / 1024.0 / streams:0.0} | {what} |");
}
