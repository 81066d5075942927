using System.Reflection;

namespace Chaos.Tests.Replicas;

/// <summary>The files of deploy/.</summary>
internal static class Deployment
{
    public static string Folder { get; } = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Deploy").Value!;

    public static string PathOf(string name) => Path.Combine(Folder, name);
}
