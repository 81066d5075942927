using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>A process of the bench, watched from outside by what the kernel counts of it.</summary>
internal sealed partial class MeasuredProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private MeasuredProcess(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public required Uri Address { get; init; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="program">One of those that this project's file names.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    public static async Task<MeasuredProcess> StartAsync(
        string program, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(program), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new MeasuredProcess(process) { Address = new Uri(match.Groups[1].Value) };
            }
        }

        throw new InvalidOperationException($"{program} ended before it listened.");
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        _process.Kill();
        _process.WaitForExit(Patience);
        _process.Dispose();
    }

    // A program's file, or the path of another build of it.
    private static string PathOf(string program) => File.Exists(program)
        ? program
        : Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == program).Value!;

    // A signal ends this process while its own clean-up runs, which may have been here before.
    private void KillAtExit(object? sender, EventArgs e)
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone.
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
