using ChatGrpc.TestKit;

namespace Simulation.Tests.Mutants;

/// <summary>A copy of this program beside a service that can make every one of the mistakes.</summary>
public sealed class MutantBuild : IAsyncLifetime
{
    // What only looks at the code, and what nobody needs of the result.
    private static readonly string[] Unwanted = ["/out:", "/refout:", "/debug", "/embed:", "/warnaserror"];

    private readonly TemporaryFolder _folder = new();

    private string Program => Path.Combine(_folder.Path, "program");

    public async ValueTask InitializeAsync()
    {
        CopyProgram();
        var sources = new Dictionary<string, string>();
        foreach (var mutants in Mutations.All.GroupBy(mutant => mutant.File))
        {
            var original = await File.ReadAllTextAsync(Path.Combine(BuildFacts.Service, mutants.Key));
            sources[mutants.Key] = await WriteAsync(
                Path.GetFileName(mutants.Key), mutants.Aggregate(original, (source, mutant) => mutant.Apply(source)));
        }

        var built = await File.ReadAllLinesAsync(BuildFacts.CompilerArguments);
        List<string> arguments =
        [
            .. built.Where(argument => !Unwanted.Any(argument.StartsWith))
                .Select(argument => sources.Remove(argument, out var mutated) ? $"\"{mutated}\"" : argument),
            $"\"{await WriteAsync("Mistake.cs", Mutant.Source)}\"",
            "/skipanalyzers+",
            "/warn:0",
            $"/out:\"{Path.Combine(Program, "ChatService.dll")}\"",
        ];
        Assert.True(sources.Count == 0, $"The build did not compile {string.Join(", ", sources.Keys)}.");
        var (exitCode, output) = await ToolProcess.RunAsync(
            BuildFacts.DotNet,
            ["exec", BuildFacts.Compiler, "@" + await WriteAsync("csc.rsp", string.Join('\n', arguments))],
            BuildFacts.Service);
        Assert.True(exitCode == 0, $"The mutants do not compile:\n{output}");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs schedules with a mistake, until one goes against the contract.</summary>
    internal Task<(int ExitCode, string Output)> HuntAsync(
        string mistake, long firstSeed, int schedules) => ToolProcess.RunAsync(
        BuildFacts.DotNet,
        [
            Path.Combine(Program, Path.GetFileName(typeof(MutantBuild).Assembly.Location)), "hunt", $"{firstSeed}",
            $"{schedules}",
        ],
        _folder.Path,
        mistake);

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private void CopyProgram()
    {
        Directory.CreateDirectory(Program);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(Program, Path.GetFileName(file)));
        }
    }
}
