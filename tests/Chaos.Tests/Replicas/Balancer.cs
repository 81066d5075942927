using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Tests.Replicas;

/// <summary>HAProxy with the configuration that is deployed: only addresses are the run's own.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Balancer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <param name="ports">Of the replicas, on the loopback interface: as many as the configuration has.</param>
    public static Balancer Start(IReadOnlyList<int> ports)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("haproxy", ["-db", "-f", Deployment.PathOf("haproxy.cfg")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables(port, ports))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Balancer(process, new UriBuilder("http", "127.0.0.1", port).Uri);
    }

    /// <summary>What the configuration takes from its environment.</summary>
    public static IReadOnlyDictionary<string, string> Variables(int port, IReadOnlyList<int> replicas) =>
        replicas.Select((replica, i) => ($"CHAT_{Text(i + 1)}", replica)).Append(("CHAT_BIND", port))
            .ToDictionary(place => place.Item1, place => $"127.0.0.1:{Text(place.Item2)}");

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
