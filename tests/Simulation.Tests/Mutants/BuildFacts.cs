using System.Reflection;

namespace Simulation.Tests.Mutants;

/// <summary>What the build left behind for compiling the service again.</summary>
internal static class BuildFacts
{
    public static string Repository => Of("Repository");

    /// <summary>The folder of the service's sources, which the compiler's arguments are relative to.</summary>
    public static string Service => Path.Combine(Repository, "src", "ChatService");

    public static string CompilerArguments => Of("CompilerArguments");

    public static string Compiler => Of("Compiler");

    public static string DotNet => Of("DotNet") is { Length: > 0 } host ? host : "dotnet";

    private static string Of(string key) => Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value!;
}
