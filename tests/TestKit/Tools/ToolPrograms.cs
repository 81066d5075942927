using System.Reflection;

namespace ChatGrpc.TestKit.Tools;

/// <summary>MCP servers that run as programs, each a command and its first arguments.</summary>
internal static class ToolPrograms
{
    private const string EverythingPath = "@modelcontextprotocol/server-everything/dist/index.js";

    /// <summary>tests/McpServer: it does well what servers should, and some things that they should not.</summary>
    public static string[] Ours => ["dotnet", PathOf("McpServer")];

    /// <summary>The protocol's own example, in JavaScript. Its argument is stdio or streamableHttp.</summary>
    public static string[] Everything => ["node", Path.Combine(PathOf("NodeServers"), EverythingPath)];

    private static string PathOf(string key) => Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
