using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Tools;

/// <summary>Calls of tools, and what a reader hears of them.</summary>
internal sealed class RoundScene
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public const int MaxResultBytes = 1024;

    public ManualTimeProvider Time { get; } = new();

    public static ToolEntry Entry(AIFunction function) => new(function.Name, ToolKind.Server, function)
    {
        Deadline = Deadline,
        MaxResultBytes = MaxResultBytes,
    };

    public static ToolInvocation Call(AIFunction? function, string arguments = "{}", string id = "call-1") => new(
        new ToolCall { Id = id, Name = function?.Name ?? "nothing", ArgumentsJson = arguments },
        function is null ? null : Entry(function));

    public IAsyncEnumerable<StreamChatResponse> Run(
        IReadOnlyList<ToolInvocation> calls, CancellationToken token = default) =>
        new ToolRound(Time, NullLogger<ToolRound>.Instance).RunAsync(calls, token);

    public async Task<IReadOnlyList<StreamChatResponse>> EventsAsync(params ToolInvocation[] calls)
    {
        var events = new List<StreamChatResponse>();
        await foreach (var next in Run(calls))
        {
            events.Add(next);
        }

        return events;
    }

    /// <summary>The only event of a single call.</summary>
    public async Task<ToolResult> ResultAsync(ToolInvocation call) =>
        Assert.Single(await EventsAsync(call).InTime()).ToolResult;
}
