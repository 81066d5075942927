using Chat.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>
/// What takes part in a comparison. Its words on the command line: direct, relay or service, and after commas the
/// environment variables it starts with, dll=FILE for another build of the service, or data=FOLDER, which is kept.
/// </summary>
internal sealed class Contender : IDisposable
{
    private readonly string? _data;

    private Contender(string words, ITarget target, MeasuredProcess? process, string? data)
    {
        Words = words;
        Target = target;
        Process = process;
        _data = data;
    }

    public string Words { get; }

    public ITarget Target { get; }

    /// <summary>Null: the stand-in alone.</summary>
    public MeasuredProcess? Process { get; }

    public static async Task<Contender> StartAsync(string words, Uri standIn)
    {
        var parts = words.Split(',');
        var settings = parts.Skip(1).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        switch (parts[0])
        {
            case "direct":
                return new Contender(words, new DirectTarget(standIn), null, null);
            case "relay":
                var relay = await MeasuredProcess.StartAsync(
                    "Host", settings, "relay", "http://127.0.0.1:0", standIn.ToString());
                return new Contender(words, new Http2Target(relay.Address, isGrpc: false), relay, null);
            case "service":
                var isKept = settings.Remove("data", out var data);
                data ??= Directory.CreateTempSubdirectory("chatgrpc-bench-").FullName;
                var program = settings.Remove("dll", out var file) ? file : "ChatService";
                settings["OPENAI_BASE_URL"] = standIn.ToString();
                var service = await MeasuredProcess.StartAsync(
                    program, settings, "--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data}");
                await ReadyAsync(service.Address);
                return new Contender(
                    words, new Http2Target(service.Address, isGrpc: true), service, isKept ? null : data);
            default:
                throw new ArgumentException($"There is no contender {words}.");
        }
    }

    public void Dispose()
    {
        Target.Dispose();
        Process?.Dispose();
        if (_data is not null)
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    // It listens before its store is ready.
    private static async Task ReadyAsync(Uri service)
    {
        using var channel = GrpcChannel.ForAddress(service);
        var sessions = new SessionService.SessionServiceClient(channel);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                _ = await sessions.ListSessionsAsync(new ListSessionsRequest());
                return;
            }
            catch (RpcException early) when (early.StatusCode == StatusCode.Unavailable)
            {
                // Not yet.
            }
        }
    }
}
