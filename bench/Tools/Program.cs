using System.Globalization;
using System.Reflection;
using Chat.V1;
using ChatGrpc.Tools;
using ChatGrpc.Tools.BuiltIn;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

// What the service adds to a tool's own time: calls that do next to nothing, through ToolRound, one after the other and
// eight at once. Each kind in turn within a round, so that a busy machine is busy for all of them.
const int WarmUps = 200;
const int Rounds = 2_000;
const int AtOnce = 8;

var time = TimeProvider.System;
var program = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
    .Single(attribute => attribute.Key == "McpServer").Value!;
var options = new ToolOptions();
options.Servers["ours"] = new ToolServerOptions { Command = "dotnet", Arguments = [program] };
await using var servers = new ToolServers(options, time, NullLogger<ToolServers>.Instance);
var builtIn = new[] { Entry(new TimeTool(time)), Entry(new CalculatorTool()) };
var catalogue = new ToolCatalogue(builtIn, servers, Options.Create(options));
var round = new ToolRound(time, NullLogger<ToolRound>.Instance);

var started = time.GetTimestamp();
var offer = await catalogue.OfferAsync(new ToolSelection { Names = { "time", "calculator", "ours_echo" } }, default);
var start = time.GetElapsedTime(started);
(string Tool, string Arguments)[] calls =
[
    ("time", """{"zone":"Europe/Zurich"}"""),
    ("calculator", """{"expression":"3 * (2.5 + 1) ^ 2"}"""),
    ("ours_echo", """{"text":"hello"}"""),
];

var figures = calls.SelectMany(call => new[] { (call.Tool, 1), (call.Tool, AtOnce) })
    .ToDictionary(key => key, _ => new List<double>(Rounds));
for (var i = -WarmUps; i < Rounds; i++)
{
    foreach (var (tool, arguments) in calls)
    {
        foreach (var count in new[] { 1, AtOnce })
        {
            var took = await TakeAsync(tool, arguments, count);
            if (i >= 0)
            {
                figures[(tool, count)].Add(took.TotalMilliseconds);
            }
        }
    }
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"Start of the MCP server and its list: {start.TotalMilliseconds:N0} ms."));
Console.WriteLine("| tool | at once | median, ms | 99th percentile, ms | longest, ms |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var ((tool, count), figure) in figures)
{
    figure.Sort();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {tool} | {count} | {figure[Rounds / 2]:N3} | {figure[Rounds * 99 / 100]:N3} | {figure[^1]:N3} |"));
}

return;

ToolEntry Entry(AIFunction function) => new(function.Name, ToolKind.Server, function)
{
    Deadline = options.Deadline,
    MaxResultBytes = options.MaxResultBytes,
};

async Task<TimeSpan> TakeAsync(string tool, string arguments, int count)
{
    var entry = offer.Tools.Single(entry => entry.Name == tool);
    var invocations = Enumerable.Range(0, count).Select(i => new ToolInvocation(
        new ToolCall { Id = $"call-{i}", Name = tool, ArgumentsJson = arguments }, entry)).ToArray();
    var begun = time.GetTimestamp();
    await foreach (var next in round.RunAsync(invocations, default))
    {
        if (next.ToolResult.IsError)
        {
            throw new InvalidOperationException($"{tool}: {next.ToolResult.Text}");
        }
    }

    return time.GetElapsedTime(begun);
}
