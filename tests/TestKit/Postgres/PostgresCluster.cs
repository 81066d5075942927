using System.Diagnostics;
using System.Globalization;

namespace ChatGrpc.TestKit.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own, on a Unix socket in a temporary folder and, if wanted, on a port of the loopback
/// interface. It commits to the disk, as a real one. What a killed test process left behind, the next one ends.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Prefix = "chatgrpc-pg-";

    // A server that starts behind a crash recovers first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly SemaphoreSlim Sweep = new(1);
    private static PostgresCluster? _shared;

    private readonly List<string> _settings;

    private PostgresCluster(string folder, int port, IEnumerable<string> settings)
    {
        Folder = folder;
        Port = port;
        _settings = [.. settings];
    }

    public string Folder { get; }

    /// <summary>On the loopback interface if it listens there; names the socket in any case.</summary>
    public int Port { get; }

    public string DataFolder => Path.Combine(Folder, "data");

    public string LogFile => Path.Combine(Folder, "log");

    /// <summary>Of the postmaster.</summary>
    public int ProcessId => ServerId(DataFolder);

    public bool IsRunning =>
        File.Exists(Path.Combine(DataFolder, "postmaster.pid")) && Directory.Exists($"/proc/{ProcessId}");

    /// <summary>One for the whole test process, ended with it.</summary>
    public static async Task<PostgresCluster> SharedAsync()
    {
        await EnterAsync(Gate);
        try
        {
            if (_shared is null)
            {
                _shared = await CreateAsync();
                AppDomain.CurrentDomain.ProcessExit += (_, _) => _shared.DisposeAsync().AsTask().Wait(Patience);
            }

            return _shared;
        }
        finally
        {
            _ = Gate.Release();
        }
    }

    /// <summary>A new one that runs.</summary>
    /// <param name="port">Where it listens on the loopback interface; null: on its socket alone.</param>
    /// <param name="owner">The process that it ends with; null: this one.</param>
    /// <param name="settings">Of postgresql.conf, name=value.</param>
    public static async Task<PostgresCluster> CreateAsync(
        int? port = null, int? owner = null, params string[] settings)
    {
        await EndLeftoversAsync();
        var id = (owner ?? Environment.ProcessId).ToString(CultureInfo.InvariantCulture);
        return await CreateInAsync(Directory.CreateTempSubdirectory($"{Prefix}{id}-").FullName, port, settings);
    }

    /// <summary>A new one that runs, in an empty folder that is the caller's to look after.</summary>
    /// <param name="port">Where it listens on the loopback interface; null: on its socket alone.</param>
    /// <param name="settings">Of postgresql.conf, name=value.</param>
    public static async Task<PostgresCluster> CreateInAsync(string folder, int? port, params string[] settings)
    {
        await PostgresPrograms.OwnAsync(folder);
        string[] all = port is null ? ["listen_addresses=", .. settings] : ["listen_addresses=127.0.0.1", .. settings];
        var cluster = new PostgresCluster(folder, port ?? 5432, all);
        await PostgresPrograms.RunAsync(
            "initdb", "--pgdata", cluster.DataFolder, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-instructions");
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>A connection string for one of its databases, over its socket.</summary>
    public string ConnectionString(string database, string user = "postgres") =>
        $"Host={Folder};Port={Port.ToString(CultureInfo.InvariantCulture)};Username={user};Database={database}";

    /// <summary>Returns when it answers.</summary>
    public Task StartAsync()
    {
        // max_connections: several stores of several tests at once, each with its pools.
        List<string> flags =
        [
            "unix_socket_permissions=0777", $"unix_socket_directories={Folder}",
            $"port={Port.ToString(CultureInfo.InvariantCulture)}", "max_connections=200", "shared_buffers=32MB",
            "max_wal_size=512MB", "autovacuum=off", "log_min_messages=warning", .. _settings,
        ];
        var options = string.Join(' ', flags.Select(flag => $"-c '{flag}'"));
        return PostgresPrograms.RunAsync(
            "pg_ctl", "start", "--pgdata", DataFolder, "--log", LogFile, "--silent", "--wait", "--options", options);
    }

    /// <param name="mode">fast: ends sessions and shuts down. immediate: a crash; the next start recovers.</param>
    public Task StopAsync(string mode = "fast") =>
        PostgresPrograms.RunAsync("pg_ctl", "stop", "--pgdata", DataFolder, "--mode", mode, "--silent", "--wait");

    public async Task RestartAsync(string mode = "fast")
    {
        await StopAsync(mode);
        await StartAsync();
    }

    /// <summary>SIGKILL to the server and all its processes: what a lost machine looks like.</summary>
    public async Task KillAsync()
    {
        var id = ServerId(DataFolder);
        foreach (var each in Children(id).Prepend(id))
        {
            try
            {
                using var process = Process.GetProcessById(each);
                process.Kill();
                await process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (ArgumentException)
            {
                // It is gone already.
            }
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(Folder);

    private static async Task EnterAsync(SemaphoreSlim gate)
    {
        if (!await gate.WaitAsync(Patience))
        {
            throw new TimeoutException("Another test makes a cluster, and does not come to an end.");
        }
    }

    private static async Task EndLeftoversAsync()
    {
        await EnterAsync(Sweep);
        try
        {
            foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), $"{Prefix}*"))
            {
                var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
                if (!Directory.Exists($"/proc/{owner}"))
                {
                    await TryEndAsync(folder);
                }
            }
        }
        finally
        {
            _ = Sweep.Release();
        }
    }

    private static async Task TryEndAsync(string folder)
    {
        try
        {
            await EndAsync(folder);
        }
        catch (Exception raced) when (raced is IOException or InvalidOperationException)
        {
            // The tests of another process are at it, too.
        }
    }

    private static async Task EndAsync(string folder)
    {
        var data = Path.Combine(folder, "data");
        if (File.Exists(Path.Combine(data, "postmaster.pid")) && Directory.Exists($"/proc/{ServerId(data)}"))
        {
            await PostgresPrograms.RunAsync("pg_ctl", "stop", "--pgdata", data, "--mode", "immediate", "--silent");
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int ServerId(string dataFolder) => int.Parse(
        File.ReadLines(Path.Combine(dataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static IEnumerable<int> Children(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
