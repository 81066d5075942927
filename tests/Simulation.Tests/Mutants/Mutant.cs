using Simulation.Tests.World;

namespace Simulation.Tests.Mutants;

/// <summary>A mistake in the service's code, made where the process is told to make it.</summary>
/// <param name="File">Below src/ChatService.</param>
/// <param name="From">What stands there; exactly once.</param>
/// <param name="To">The mistake.</param>
/// <param name="IsStatement">Both are statements; else expressions.</param>
internal sealed record Mutant(string Name, string File, string From, string To, bool IsStatement)
{
    /// <summary>The environment variable that names the mistake to make.</summary>
    public const string Choice = "SIMULATED_MISTAKE";

    /// <summary>It can only be met where several processes share the store.</summary>
    public bool IsOfReplicas { get; init; }

    /// <summary>The first schedule in which to hunt it.</summary>
    public long FirstSeed => IsOfReplicas ? Schedule.FirstOfReplicas : 0;

    /// <summary>A source that every mutated service has besides its own.</summary>
    public const string Source =
        $$"""
        namespace ChatGrpc;

        internal static class Mistake
        {
            private static readonly string Chosen = System.Environment.GetEnvironmentVariable("{{Choice}}") ?? "";

            public static bool Is(string name) => Chosen == name;
        }
        """;

    public static Mutant Statement(string name, string file, string from, string to) =>
        new(name, file, from, to, IsStatement: true);

    public static Mutant Expression(string name, string file, string from, string to) =>
        new(name, file, from, to, IsStatement: false);

    /// <summary>The source with the mistake in it beside what is right.</summary>
    public string Apply(string source)
    {
        var place = source.IndexOf(From, StringComparison.Ordinal);
        Assert.True(
            place >= 0 && source.IndexOf(From, place + 1, StringComparison.Ordinal) < 0,
            $"The mutant '{Name}' no longer applies: {File} does not have this exactly once:\n{From}");
        var isMade = $"ChatGrpc.Mistake.Is(\"{Name}\")";
        return source.Replace(
            From,
            IsStatement ? $"if ({isMade}) {{ {To} }} else {{ {From} }}" : $"({isMade} ? {To} : {From})",
            StringComparison.Ordinal);
    }
}
