using System.Text.Json.Nodes;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Tools.Http;
using ChatGrpc.Tools;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Tests.Tools.Mcp;

/// <summary>An MCP server over HTTP with a session, whose tools are answered as a test says.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const string Tool = """{"name":"NAME","inputSchema":{"type":"object"}}""";

    private readonly Dictionary<string, RequestDelegate> _tools;
    private readonly TaskCompletionSource<string> _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebSite _site = null!;
    private int _starts;

    private HttpServer(Dictionary<string, RequestDelegate> tools) => _tools = tools;

    /// <summary>How many clients have introduced themselves.</summary>
    public int Starts => _starts;

    /// <summary>The id of the first call that it is told of that nobody waits for it.</summary>
    public Task<string> Cancelled => _cancelled.Task;

    public ToolServerOptions Options => new() { Url = $"http://127.0.0.1:{_site.Port}/mcp" };

    public static async Task<HttpServer> StartAsync(Dictionary<string, RequestDelegate> tools)
    {
        var server = new HttpServer(tools);
        server._site = await WebSite.StartAsync(server.AnswerAsync).InTime();
        return server;
    }

    /// <summary>The answer to a call.</summary>
    public static string Text(HttpContext context, string text) => Answer(
        context, $$"""{"content":[{"type":"text","text":"{{text}}"}]}""");

    public static Task WriteAsync(HttpContext context, string mediaType, string body)
    {
        context.Response.ContentType = mediaType;
        return context.Response.WriteAsync(body);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static string Answer(HttpContext context, string result) =>
        $$"""{"jsonrpc":"2.0","id":{{context.Items["id"]}},"result":{{result}}}""";

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (request["id"] is not { } id)
        {
            if ($"{request["method"]}" == "notifications/cancelled")
            {
                _ = _cancelled.TrySetResult($"{request["params"]!["requestId"]}");
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        context.Items["id"] = id.ToJsonString();
        switch ($"{request["method"]}")
        {
            case "initialize":
                _ = Interlocked.Increment(ref _starts);
                context.Response.Headers["Mcp-Session-Id"] = "session";
                await WriteAsync(context, "application/json", Answer(
                    context,
                    """
                    {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},
                    "serverInfo":{"name":"web","version":"1"}}
                    """));
                break;
            case "tools/list":
                var tools = _tools.Keys.Select(name => Tool.Replace("NAME", name));
                await WriteAsync(
                    context, "application/json", Answer(context, $$"""{"tools":[{{string.Join(',', tools)}}]}"""));
                break;
            case "tools/call":
                await _tools[$"{request["params"]!["name"]}"](context);
                break;
            default:
                await WriteAsync(
                    context,
                    "application/json",
                    $$"""{"jsonrpc":"2.0","id":{{context.Items["id"]}},"error":{"code":-32601,"message":"none"} }""");
                break;
        }
    }
}
