using System.Diagnostics;

namespace Simulation.Tests.Mutants;

/// <summary>Runs a program to its end.</summary>
internal static class ToolProcess
{
    // The compiler, on a machine that is busy with others.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, string mistake = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // For programs that live a few seconds, counting calls to find the hot ones costs more than it gains.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment[Mutant.Choice] = mistake;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Limit);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
