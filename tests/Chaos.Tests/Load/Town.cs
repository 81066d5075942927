using Chaos.Tests.History;
using Chaos.Tests.Runs;
using Chaos.Tests.Truth;
using Chat.V1;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace Chaos.Tests.Load;

/// <summary>What clients share: where the service is, what is asked next, which streams there are.</summary>
internal sealed class Town(RunPlan plan, RunClock clock, Metronome metronome) : IDisposable
{
    // A connection carries the streams of so many clients: when it is lost, so many are.
    private const int ClientsPerConnection = 25;

    // Newer than what has ended long ago, and not only those that have just begun.
    private const int StreamsOnTheBoard = 100;

    // A connection stays with its replica: so that those that came back get some, none is used for long.
    private static readonly TimeSpan SharedLifetime = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Uri, int), GrpcChannel> _channels = [];
    private readonly Queue<string> _board = new();
    private int _questions;
    private int _calls;

    public RunPlan Plan => plan;

    public RunClock Clock => clock;

    public Metronome Metronome => metronome;

    /// <summary>Where the service is now; it may have died.</summary>
    public Uri Address { get; set; } = new("http://127.0.0.1");

    /// <summary>No call goes on: what has not ended by then never will.</summary>
    public CancellationToken Over { get; set; }

    public ClientLog Open(string client) => new(plan.Folder, client, clock);

    public Service.ChatServiceClient Service(int client) => new(Channel(client));

    public SessionService.SessionServiceClient Sessions() => new(Channel(client: 0));

    /// <summary>Most answers take 5 to 20 seconds; of some, more waits for the store than memory may hold.</summary>
    public Question NextQuestion(Random dice)
    {
        var (tokens, gap, width) = dice.Next(40) switch
        {
            0 => (dice.Next(100, 300), 20, 150),
            1 => (0, 0, 1),
            < 5 => (dice.Next(1, 30), 10, 1),
            _ => (dice.Next(20, 60) / plan.Haste, dice.Next(150, 400), dice.Next(1, 4)),
        };
        return new Question(Interlocked.Increment(ref _questions), dice.Next(), tokens, gap, width);
    }

    /// <summary>One word, at once.</summary>
    public Question ShortQuestion(Random dice) =>
        new(Interlocked.Increment(ref _questions), dice.Next(), Tokens: 1, GapMilliseconds: 0, Width: 1);

    /// <summary>A stream that others may watch.</summary>
    public void Announce(string streamId)
    {
        lock (_lock)
        {
            _board.Enqueue(streamId);
            if (_board.Count > StreamsOnTheBoard)
            {
                _ = _board.Dequeue();
            }
        }
    }

    /// <summary>Any of those that were announced; null: none was.</summary>
    public string? Pick(Random dice)
    {
        lock (_lock)
        {
            return _board.Count == 0 ? null : _board.ElementAt(dice.Next(_board.Count));
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Dispose();
        }
    }

    private static SocketsHttpHandler Shared() => new()
    {
        PooledConnectionLifetime = SharedLifetime,
        ConnectTimeout = SharedLifetime,
        EnableMultipleHttp2Connections = true,
        UseProxy = false,
    };

    private GrpcChannel Channel(int client)
    {
        lock (_lock)
        {
            var connection =
                plan.SharedConnections > 0 ? _calls++ % plan.SharedConnections : client / ClientsPerConnection;
            var key = (Address, connection);
            if (!_channels.TryGetValue(key, out var channel))
            {
                _channels[key] = channel = plan.SharedConnections > 0
                    ? GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = Shared() })
                    : GrpcChannel.ForAddress(Address);
            }

            return channel;
        }
    }
}
