using System.Collections.Concurrent;
using Chaos.Tests.Faults;
using Chaos.Tests.History;
using Chaos.Tests.Load;
using Chaos.Tests.Runs;
using Chat.V1;
using ChatGrpc.TestKit.Postgres;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace Chaos.Tests.Replicas;

/// <summary>
/// Replicas of the service on one PostgreSQL, the deployed balancer before them, and clients that come by it alone.
/// </summary>
internal sealed class ReplicaRun : IAsyncDisposable
{
    private const int FromTheBalancer = 3;

    // So that the moment of each commit is on record.
    private static readonly string[] DatabaseSettings = ["track_commit_timestamp=on"];

    // A process that starts while two others do takes seconds on two cores.
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(60);

    // The last one that came goes first.
    private readonly Stack<IAsyncDisposable> _parts = new();

    private AnswerDesk _desk = null!;
    private Crowd _crowd = null!;

    private ReplicaRun(RunPlan plan)
    {
        Metronome = Add(new Metronome());
        Town = new Town(plan, Clock, Metronome);
    }

    public Town Town { get; }

    public RunClock Clock { get; } = new();

    public Metronome Metronome { get; }

    public IReadOnlyList<Replica> Replicas { get; private set; } = [];

    public PostgresCluster Cluster { get; private set; } = null!;

    public Balancer Balancer { get; private set; } = null!;

    public Probe Probe { get; private set; } = null!;

    public OwnerRecord Owners { get; private set; } = null!;

    /// <summary>What was done to the run, in words.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public ConcurrentQueue<Harm> Harms { get; } = [];

    /// <summary>What is still being written down of them.</summary>
    public ConcurrentQueue<Task> Records { get; } = [];

    /// <summary>The times in which the database was away for all.</summary>
    public ConcurrentQueue<Outage> Outages { get; } = [];

    /// <param name="clocks">What a replica's environment says of its clock, by its number from 1.</param>
    public static async Task<ReplicaRun> StartAsync(
        RunPlan plan, int replicas = FromTheBalancer, IReadOnlyDictionary<int, FakeClock>? clocks = null)
    {
        var run = new ReplicaRun(plan);
        try
        {
            await run.BuildAsync(plan, replicas, clocks ?? new Dictionary<int, FakeClock>());
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a replica's process; returns when it takes calls.</summary>
    public async Task StartAsync(Replica replica)
    {
        await replica.StartAsync();
        await ReadyAsync(replica);
    }

    /// <summary>Returns when it answers what needs the store.</summary>
    public Task ReadyAsync(Replica replica) => ReadyAsync(replica.Address);

    /// <summary>The clients come, one after the other; returns when the last one is there.</summary>
    public Task OpenAsync() => _crowd.OpenAsync();

    /// <summary>No more turns begin; when all have ended, each is read once more, and the replicas stop.</summary>
    public async Task<Evidence> CloseAsync()
    {
        await _crowd.CloseAsync();
        await Task.WhenAll(Records);
        await using var connection = await Probe.OpenAsync();
        await using (var command = new NpgsqlCommand("SET search_path TO chatgrpc", connection))
        {
            _ = await command.ExecuteNonQueryAsync();
        }

        var streams = (await StoreReading.ReadAsync(connection)).Streams;
        await _crowd.ReplayAsync([.. streams.Select(stream => stream.StreamId)]);
        _crowd.Leave();
        foreach (var replica in Replicas)
        {
            var exit = await replica.StopAsync();
            Assert.True(exit == 0, $"{replica.Name} ended with {exit}:\n{string.Join('\n', replica.Outputs)}");
        }

        return new Evidence(
            ClientLog.ReadAll(Town.Plan.Folder), await StoreReading.ReadAsync(connection), await _desk.CloseAsync(),
            [.. Outages], [.. Faults], [])
        {
            Fleet = new Fleet([.. Harms.OrderBy(harm => harm.From)], await Owners.EndsAsync())
            {
                Moves = await Owners.MovesAsync(),
                Deaths = await Owners.DeathsAsync(),
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        Town.Dispose();
    }

    private async Task ReadyAsync(Uri address)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var sessions = new SessionService.SessionServiceClient(channel);
        for (var last = Clock.Now + (long)Starting.TotalMicroseconds; ;)
        {
            try
            {
                _ = await sessions.ListSessionsAsync(new ListSessionsRequest());
                return;
            }
            catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable && Clock.Now < last)
            {
                await Metronome.After(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private async Task BuildAsync(RunPlan plan, int replicas, IReadOnlyDictionary<int, FakeClock> clocks)
    {
        Cluster = Add(await PostgresCluster.CreateAsync(
            Balancer.FreePort(), owner: null, [.. DatabaseSettings, .. plan.DatabaseSettings]));
        var database = new NpgsqlConnectionStringBuilder(await TestDatabases.CreateAsync(Cluster));
        Probe = new Probe(database.ToString(), Clock, Metronome);
        Owners = new OwnerRecord(Probe, Clock);
        _desk = Add(await AnswerDesk.OpenAsync(Metronome, Clock));
        Replicas =
        [
            .. Enumerable.Range(1, replicas).Select(number => Add(new Replica(
                number, database, ["Chat:Turns:Heartbeat=00:00:05", .. plan.ServiceSettings],
                Environment(clocks.GetValueOrDefault(number))))),
        ];

        // The first makes the schema, and the record of owners is beside that.
        await StartAsync(Replicas[0]);
        await Owners.BeginAsync(Replicas[0].Name);
        await Task.WhenAll(Replicas.Skip(1).Select(StartAsync));

        // Where there are fewer than the configuration names, nobody is at the other places.
        var missing = Enumerable.Range(0, FromTheBalancer - replicas).Select(_ => Balancer.FreePort());
        Balancer = Add(Balancer.Start([.. Replicas.Select(replica => replica.Port), .. missing]));
        await ReadyAsync(Balancer.Address);
        Town.Address = Balancer.Address;
        _crowd = Add(new Crowd(Town));
    }

    private Dictionary<string, string> Environment(FakeClock? clock)
    {
        var all = new Dictionary<string, string>
        {
            ["OPENAI_BASE_URL"] = $"{_desk.BaseUrl}",
            ["OPENAI_API_KEY"] = "sk-test-0123456789",
        };
        foreach (var (name, value) in clock?.Variables ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return all;
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
