using System.Diagnostics;
using Interop.Tests.Cases;
using Interop.Tests.Protos;

namespace Interop.Tests.Node;

/// <summary>The clients that run in Node.</summary>
internal static class NodeDriver
{
    /// <summary>Where the scripts are, beside their packages.</summary>
    public static string Folder { get; } = Repository.At("tests/Interop.Tests/Node");

    /// <param name="client">As driver.mjs names it.</param>
    /// <param name="server">Where the client connects to.</param>
    public static async Task<IClientDriver> StartAsync(string client, Uri server)
    {
        var script = Path.Combine(Folder, "driver.mjs");
        string[] arguments = [script, client, server.ToString(), Protoc.Folder, await Protoc.DescriptorsAsync()];
        return new DriverProcess(new ProcessStartInfo("node", arguments));
    }
}
