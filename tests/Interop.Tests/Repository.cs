using System.Reflection;

namespace Interop.Tests;

/// <summary>The clone that the tests were built from: some clients run where their files are.</summary>
internal static class Repository
{
    private static readonly string Root = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Repository").Value!;

    /// <param name="path">From the root.</param>
    public static string At(string path) => Path.Combine(Root, path);
}
