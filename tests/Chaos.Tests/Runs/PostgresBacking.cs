using System.Data.Common;
using Chaos.Tests.Faults;
using ChatGrpc.TestKit.Faults;
using Npgsql;

namespace Chaos.Tests.Runs;

/// <summary>A database that the service reaches through a network that may fail.</summary>
internal sealed class PostgresBacking : IBacking
{
    private readonly Probe _probe;

    /// <param name="database">Its connection string, over TCP on the loopback interface.</param>
    public PostgresBacking(NpgsqlConnectionStringBuilder database, Probe probe)
    {
        _probe = probe;
        Network = FaultProxy.Start(
            new UriBuilder("tcp", "127.0.0.1", database.Port).Uri,
            () => IsCut ? new FaultPlan(Fault.Reset) : new FaultPlan(Fault.None));
        var through = new NpgsqlConnectionStringBuilder(database.ToString())
        {
            Host = "127.0.0.1",
            Port = Network.Address.Port,
        };
        Environment = new Dictionary<string, string> { ["ConnectionStrings__Chat"] = through.ToString() };
    }

    public FaultProxy Network { get; }

    /// <summary>Every new connection is reset.</summary>
    public bool IsCut { get; set; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public async Task<DbConnection> OpenAsync()
    {
        var connection = await _probe.OpenAsync();
        await using var command = new NpgsqlCommand("SET search_path TO chatgrpc", connection);
        _ = await command.ExecuteNonQueryAsync();
        return connection;
    }
}
