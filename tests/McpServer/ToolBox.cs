using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpServer;

/// <summary>What the tools do: what servers do well, and what they should not.</summary>
internal sealed class ToolBox
{
    private const int PageSize = 4;

    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    private readonly List<Tool> _tools =
    [
        Named("echo"), Named("progress"), Named("hang"), Named("stopped_calls"), Named("crash"), Named("huge"),
        Named("endless"), Named("bad_json"), Named("fail"), Named("refuse"), Named("structured"), Named("picture"),
        Named("environment"), Named("grow"), Named("process_id"), Named("complain"),
        new()
        {
            Name = "odd/näme", Title = "Odd\nname", InputSchema = AnyObject,
            Description = "Says\u202e \u0007nothing\U000e0041.\n" + new string('x', 20_000),
        },
        new() { Name = "odd.näme", InputSchema = AnyObject },
        new() { Name = $"long_{new string('x', 80)}", InputSchema = AnyObject },
        new() { Name = "echo", InputSchema = AnyObject },
    ];

    private TaskCompletionSource _nextCall = new();
    private int _stopped;

    /// <summary>The tools from that place on.</summary>
    public ListToolsResult Page(string? cursor)
    {
        var first = cursor is null ? 0 : int.Parse(cursor);
        var next = first + PageSize;
        return new ListToolsResult
        {
            Tools = [.. _tools.Skip(first).Take(PageSize)],
            NextCursor = next < _tools.Count ? $"{next}" : null,
        };
    }

    public async ValueTask<CallToolResult> CallAsync(
        ModelContextProtocol.Server.McpServer server, CallToolRequestParams call, CancellationToken stop)
    {
        var next = new TaskCompletionSource();
        Interlocked.Exchange(ref _nextCall, next).SetResult();
        return call.Name switch
        {
            "progress" => await ProgressAsync(server, call, next.Task.WaitAsync(stop)),
            "hang" => await HangAsync(server, call, stop),
            "grow" => await GrowAsync(server),
            "stopped_calls" => Text($"{_stopped}"),
            _ => Answer(call),
        };
    }

    private static CallToolResult Answer(CallToolRequestParams call)
    {
        switch (call.Name)
        {
            case "echo":
                return Text(call.Arguments?.TryGetValue("text", out var text) == true ? text.GetString()! : "");
            case "crash":
                Process.GetCurrentProcess().Kill();
                return Text("");
            case "huge":
                return Text(new string('x', 10_000_000));
            case "endless":
                Write(new string('x', 17 * 1024 * 1024));
                return Text("");
            case "bad_json":
                Write("This is no JSON.\n{\"jsonrpc\":\n");
                return Text("after bad JSON");
            case "fail":
                return new CallToolResult { IsError = true, Content = Text("No such city.").Content };
            case "refuse":
                throw new McpProtocolException("Not today.", McpErrorCode.InvalidParams);
            case "structured":
                return new CallToolResult
                {
                    Content = Text("{}").Content,
                    StructuredContent = JsonElement.Parse("""{"degrees":21.50}"""),
                };
            case "picture":
                var picture = ImageContentBlock.FromBytes(new byte[3], "image/png");
                var link = new ResourceLinkBlock { Name = "report", Uri = "file:///report.txt" };
                return new CallToolResult { Content = [.. Text("Here:").Content, picture, link] };
            case "environment":
                return Text(string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order()));
            case "process_id":
                return Text($"{Environment.ProcessId}");
            case "complain":
                Console.Error.WriteLine($"complaint {new string('y', 5_000)}");
                return Text("complained");
            default:
                return Text($"called {call.Name}");
        }
    }

    // It is done when another tool is called: a result may overtake the progress that was told right before it.
    private static async Task<CallToolResult> ProgressAsync(
        ModelContextProtocol.Server.McpServer server, CallToolRequestParams call, Task done)
    {
        await TellAsync(server, call, 1, "one");
        await done;
        return Text("done");
    }

    private static Tool Named(string name) => new()
    {
        Name = name,
        Description = $"The tool {name}.",
        InputSchema = AnyObject,
    };

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static Task TellAsync(
        ModelContextProtocol.Server.McpServer server, CallToolRequestParams call, float progress, string message) =>
        server.NotifyProgressAsync(
            call.ProgressToken!.Value,
            new ProgressNotificationValue { Progress = progress, Total = 2, Message = message },
            cancellationToken: CancellationToken.None);

    // Past the transport, as a program does that prints to its standard output.
    private static void Write(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }

    private async Task<CallToolResult> HangAsync(
        ModelContextProtocol.Server.McpServer server, CallToolRequestParams call, CancellationToken stop)
    {
        await TellAsync(server, call, 0, "hanging");
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
        finally
        {
            _ = Interlocked.Increment(ref _stopped);
        }

        return Text("");
    }

    private async Task<CallToolResult> GrowAsync(ModelContextProtocol.Server.McpServer server)
    {
        _tools.Insert(0, Named($"grown_{_tools.Count}"));
        await server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, CancellationToken.None);
        return Text("grown");
    }
}
