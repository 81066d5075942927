using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ChatGrpc.TestKit.Processes;

/// <summary>
/// The service as an operator runs it: a process of its own, on a free port of the loopback interface.
/// </summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The service ended."));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>What it has printed, on either stream.</summary>
    public string Output => string.Join('\n', _lines);

    public int Id => _process.Id;

    /// <summary>Starts the service and waits until it listens.</summary>
    /// <param name="dataFolder">Chat:Storage:Path.</param>
    /// <param name="settings">Further settings, name=value.</param>
    /// <param name="environment">Further variables of its environment.</param>
    /// <param name="port">Where it listens; 0: on any that is free.</param>
    public static async Task<ServiceProcess> StartAsync(
        string dataFolder,
        IEnumerable<string>? settings = null,
        IReadOnlyDictionary<string, string>? environment = null,
        int port = 0)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var service = new ServiceProcess(StartInfo(
            ["--urls", url, $"--Chat:Storage:Path={dataFolder}", .. Options(settings)], environment));
        service.Begin();
        try
        {
            service.Address = await service._listening.Task.WaitAsync(Patience);
            return service;
        }
        catch (Exception failure)
        {
            await service.DisposeAsync();
            throw new InvalidOperationException($"The service did not start:\n{service.Output}", failure);
        }
    }

    /// <summary>Runs the service where it is expected to end by itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var service = new ServiceProcess(StartInfo(arguments, environment));
        service.Begin();
        var exitCode = await service.WaitForExitAsync();
        return (exitCode, service.Output);
    }

    /// <summary>SIGKILL: what a crash or a lost machine looks like.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a supervisor sends it; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await TerminateAsync();
        return await WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns when it is sent.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>SIGSTOP: nothing of it runs.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on where it was.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>Returns the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    private static IEnumerable<string> Options(IEnumerable<string>? settings) =>
        (settings ?? []).Select(setting => $"--{setting}");

    private static ProcessStartInfo StartInfo(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var program = Program();
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };

        // A developer's own keys and settings must not decide a test.
        var foreign = start.Environment.Keys.Where(name => ForeignVariable().IsMatch(name)).ToArray();
        foreach (var name in foreign)
        {
            start.Environment.Remove(name);
        }

        // Nor their user secrets, which are looked for below this folder.
        start.Environment["APPDATA"] = Path.Combine(AppContext.BaseDirectory, "no-secrets");

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // What was published as operators have it, where whoever runs the tests has done that; else what was built.
    private static string Program() => Environment.GetEnvironmentVariable("CHATGRPC_SERVICE")
        ?? Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ChatService").Value!;

    private void Begin()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("^(OPENAI_|ANTHROPIC_|OPENROUTER_|OLLAMA_|DEFAULT_LLM_|ASPNETCORE_|DOTNET_ENVIRONMENT|CHAT__"
        + "|DATABASE_URL|CONNECTIONSTRINGS__|PG)",
        RegexOptions.IgnoreCase)]
    private static partial Regex ForeignVariable();
}
