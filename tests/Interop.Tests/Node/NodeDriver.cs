using System.Diagnostics;
using System.Reflection;
using Interop.Tests.Cases;

namespace Interop.Tests.Node;

/// <summary>The clients that run in Node.</summary>
internal static class NodeDriver
{
    private static readonly string Folder = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Node").Value!;

    /// <param name="client">As driver.mjs names it.</param>
    /// <param name="server">Where the client connects to.</param>
    public static IClientDriver Start(string client, Uri server) =>
        new DriverProcess(new ProcessStartInfo("node",
        [
            Path.Combine(Folder, "driver.mjs"),
            client,
            server.ToString(),
            Path.Combine(AppContext.BaseDirectory, "protos"),
        ]));
}
