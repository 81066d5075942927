using System.Text.Json.Nodes;

namespace McpServer;

/// <summary>Writes its answers itself, for the library would not write such lists of tools.</summary>
internal static class RawServer
{
    private const string Introduction = """
        {"protocolVersion":"VERSION","capabilities":{"tools":{}},"serverInfo":{"name":"raw","version":"1"}}
        """;

    public static async Task RunAsync(string tools)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var request = JsonNode.Parse(line)!;
            if (request["id"] is { } id)
            {
                await Console.Out.WriteLineAsync(
                    $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},{{Answer(request, tools)}}}""");
            }
        }
    }

    private static string Answer(JsonNode request, string tools) => $"{request["method"]}" switch
    {
        "initialize" => $"\"result\":{Introduction.Replace("VERSION", $"{request["params"]!["protocolVersion"]}")}",
        "tools/list" => $"\"result\":{{\"tools\":{tools}}}",
        _ => """
            "error":{"code":-32601,"message":"There is no such method."}
            """,
    };
}
