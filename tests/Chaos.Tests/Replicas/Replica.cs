using System.Globalization;
using Chaos.Tests.Faults;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Faults;
using ChatGrpc.TestKit.Processes;
using Npgsql;

namespace Chaos.Tests.Replicas;

/// <summary>One of several processes of the service on one database, each with a network of its own to it.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyList<string> _settings;
    private volatile bool _isCut;

    /// <param name="number">From 1.</param>
    /// <param name="database">The connection string, over TCP on the loopback interface.</param>
    /// <param name="environment">Beside the database.</param>
    public Replica(
        int number,
        NpgsqlConnectionStringBuilder database,
        IReadOnlyList<string> settings,
        IReadOnlyDictionary<string, string> environment)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"replica-{number}");
        Network = FaultProxy.Start(
            new UriBuilder("tcp", "127.0.0.1", database.Port).Uri,
            () => _isCut ? new FaultPlan(Fault.Reset) : new FaultPlan(Fault.None));
        var through = new NpgsqlConnectionStringBuilder(database.ToString())
        {
            Host = "127.0.0.1",
            Port = Network.Address.Port,
            ApplicationName = Name,
        };
        _settings = settings;
        _environment =
            new Dictionary<string, string>(environment) { ["ConnectionStrings__Chat"] = through.ToString() };
    }

    /// <summary>By which the database knows it, too.</summary>
    public string Name { get; }

    /// <summary>The same for all its processes.</summary>
    public int Port { get; } = Balancer.FreePort();

    public Uri Address => new UriBuilder("http", "127.0.0.1", Port).Uri;

    /// <summary>Null: it does not run.</summary>
    public ServiceProcess? Service { get; private set; }

    /// <summary>What its processes printed that are gone.</summary>
    public List<string> Outputs { get; } = [];

    private FaultProxy Network { get; }

    public async Task StartAsync() =>
        Service = await ServiceProcess.StartAsync(_folder.Path, _settings, _environment, Port);

    public async Task KillAsync()
    {
        await Service!.KillAsync();
        await ForgetAsync();
    }

    /// <summary>SIGTERM; returns the exit code when it has ended.</summary>
    public async Task<int> StopAsync()
    {
        await Service!.TerminateAsync();
        var exit = await Service.WaitForExitAsync();
        await ForgetAsync();
        return exit;
    }

    public Task FreezeAsync() => ProcessTree.StopAsync(Service!.Id);

    public Task ThawAsync() => ProcessTree.ContinueAsync(Service!.Id);

    /// <summary>Its connections to the database are reset, and so is each new one.</summary>
    public void Cut()
    {
        _isCut = true;
        Network.Cut();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        await Network.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ForgetAsync()
    {
        Outputs.Add(Service!.Output);
        await Service.DisposeAsync();
        Service = null;
    }
}
