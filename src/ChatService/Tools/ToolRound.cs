using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Chat.V1;

namespace ChatGrpc.Tools;

/// <summary>Runs the calls that a model made in one step, all at once.</summary>
internal sealed class ToolRound(TimeProvider time, ILogger<ToolRound> logger)
{
    // The results of a usual step, which has a handful of calls, and some progress; a writer that finds it full waits
    // with a result or a document, and drops progress.
    private const int Room = 32;

    /// <summary>
    /// Progress, documents and one result for each call, as they come; ends with the last result. That a tool fails is
    /// a result too.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// At once, also where a tool does not heed it; such a tool is left behind.
    /// </exception>
    public async IAsyncEnumerable<StreamChatResponse> RunAsync(
        IReadOnlyList<ToolInvocation> calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateBounded<StreamChatResponse>(new BoundedChannelOptions(Room) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var call in calls)
        {
            // It never fails, but ends by the stop.
            _ = new ToolRun(call, events.Writer, time, logger).RunAsync(stop.Token);
        }

        var missing = calls.Count;
        try
        {
            while (missing > 0)
            {
                var next = await events.Reader.ReadAsync(cancellationToken);
                missing -= next.EventCase == StreamChatResponse.EventOneofCase.ToolResult ? 1 : 0;
                yield return next;
            }
        }
        finally
        {
            // A reader that goes away without cancelling stops the tools too.
            stop.Cancel();
        }
    }
}
