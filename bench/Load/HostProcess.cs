using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ChatGrpc.Bench.Load;

/// <param name="CpuMilliseconds">User and system time of the process.</param>
internal sealed record Figures(double CpuMilliseconds, long AllocatedBytes, long ResidentBytes);

/// <summary>The process under measurement.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<HostProcess> StartAsync(params string[] arguments)
    {
        // With the service's own runtime settings, not with those of the host around it.
        string[] settings = arguments[0] == "service"
            ? ["--runtimeconfig", Path.ChangeExtension(PathOf("ChatService"), ".runtimeconfig.json")]
            : [];
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", .. settings, PathOf("Host"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return new HostProcess(process, new Uri(match.Groups[1].Value));
            }
        }

        throw new InvalidOperationException("The host ended before it listened.");
    }

    public Task<Figures> FiguresAsync() => AskAsync("figures");

    /// <summary>After two full collections: what is resident is in use.</summary>
    public Task<Figures> CollectedFiguresAsync() => AskAsync("collect");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }

    private static string PathOf(string program) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == program).Value!;

    private async Task<Figures> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Split(' ') is ["figures", var cpu, var allocated, var resident])
            {
                return new Figures(
                    double.Parse(cpu, CultureInfo.InvariantCulture),
                    long.Parse(allocated, CultureInfo.InvariantCulture),
                    long.Parse(resident, CultureInfo.InvariantCulture));
            }
        }

        throw new InvalidOperationException("The host ended.");
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
