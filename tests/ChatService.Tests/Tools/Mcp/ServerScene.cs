using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Tools;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Tools.Mcp;

/// <summary>A catalogue with MCP servers, and calls of their tools.</summary>
internal sealed class ServerScene : IAsyncDisposable
{
    private readonly LoggerFactory _logging;
    private readonly ToolServers _servers;

    public ServerScene(Action<Dictionary<string, ToolServerOptions>> configure)
    {
        var options = new ToolOptions();
        configure(options.Servers);
        _logging = new LoggerFactory([Log], new LoggerFilterOptions { MinLevel = LogLevel.Debug });
        _servers = new ToolServers(options, Time, _logging.CreateLogger<ToolServers>());
        Catalogue = new ToolCatalogue(
            [RoundScene.Entry(Function.Returning("time", ""))], _servers, Options.Create(options));
    }

    public ManualTimeProvider Time { get; } = new();

    public ErrorLog Log { get; } = new();

    public ToolCatalogue Catalogue { get; }

    /// <summary>The tests' own server, with the name "ours".</summary>
    public static ServerScene Ours(params string[] arguments) => new(servers => servers["ours"] = OursWith(arguments));

    public static ToolServerOptions OursWith(params string[] arguments) =>
        Program([.. ToolPrograms.Ours, .. arguments]);

    public static ToolServerOptions Program(string[] command) => new()
    {
        Command = command[0],
        Arguments = [.. command[1..]],
    };

    public Task<ToolOffer> OfferAsync(params string[] names) =>
        Catalogue.OfferAsync(new ToolSelection { Names = { names } }, default).InTime();

    public async Task<IAsyncEnumerable<StreamChatResponse>> RunAsync(
        string tool, string arguments = "{}", CancellationToken token = default)
    {
        var offer = await OfferAsync(tool);
        return Run(Assert.Single(offer.Tools), arguments, token);
    }

    public IAsyncEnumerable<StreamChatResponse> Run(ToolEntry tool, string arguments, CancellationToken token = default)
    {
        var call = new ToolCall { Id = "call-1", Name = tool.Name, ArgumentsJson = arguments };
        var round = new ToolRound(Time, _logging.CreateLogger<ToolRound>());
        return round.RunAsync([new ToolInvocation(call, tool)], token);
    }

    public async Task<IReadOnlyList<StreamChatResponse>> EventsAsync(string tool, string arguments = "{}") =>
        await (await RunAsync(tool, arguments)).ToArrayAsync().InTime();

    /// <summary>The last event of a call.</summary>
    public async Task<ToolResult> ResultAsync(string tool, string arguments = "{}") =>
        (await EventsAsync(tool, arguments))[^1].ToolResult;

    public async Task<ToolResult> ResultAsync(ToolEntry tool, string arguments = "{}") =>
        (await Run(tool, arguments).ToArrayAsync().InTime())[^1].ToolResult;

    public async ValueTask DisposeAsync()
    {
        // The time of its own, in which a program is asked to end, does not pass in a test.
        await _servers.DisposeAsync();
        _logging.Dispose();
        Assert.Empty(Log.Errors);
    }
}
