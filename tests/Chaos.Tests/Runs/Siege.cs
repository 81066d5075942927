using System.Net;
using System.Net.Sockets;
using Chaos.Tests.Faults;
using Chaos.Tests.History;
using Chaos.Tests.Load;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace Chaos.Tests.Runs;

/// <summary>A run on a PostgreSQL of its own, with a disk and a network of its own; and the trouble.</summary>
internal sealed class Siege : IAsyncDisposable
{
    // So that the moment of each commit is on record; and a checkpoint soon, for recoveries that take a second.
    private static readonly string[] Settings = ["track_commit_timestamp=on", "max_wal_size=64MB", "min_wal_size=32MB"];

    // The last one that came goes first.
    private readonly Stack<IAsyncDisposable> _parts = new();

    private Siege()
    {
    }

    public ChaosRun Run { get; private set; } = null!;

    public Trouble Trouble { get; private set; } = null!;

    public static async Task<Siege> BeginAsync(RunPlan plan)
    {
        var siege = new Siege();
        try
        {
            await siege.BuildAsync(plan);
            return siege;
        }
        catch
        {
            // A disk that stays mounted stays for good.
            await siege.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task BuildAsync(RunPlan plan)
    {
        var disk = Add(await SmallDisk.MountAsync());
        var cluster = Add(await PostgresCluster.CreateInAsync(
            disk.Folder("cluster"), FreePort(), [.. Settings, .. plan.DatabaseSettings]));
        var database = new NpgsqlConnectionStringBuilder(await TestDatabases.CreateAsync(cluster));
        var (clock, metronome) = (new RunClock(), Add(new Metronome()));
        var probe = new Probe(database.ToString(), clock, metronome);
        var backing = new PostgresBacking(database, probe);
        _ = Add(backing.Network);
        Run = Add(await ChaosRun.StartAsync(plan, clock, metronome, _ => backing));
        Trouble = new Trouble(Run, cluster, backing, disk, probe);
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
