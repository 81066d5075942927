using System.Threading.Channels;
using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>One call, from its arguments to its result.</summary>
internal sealed class ToolRun(
    ToolInvocation invocation, ChannelWriter<StreamChatResponse> events, TimeProvider time, ILogger logger)
{
    // What heeds its token ends in milliseconds; a tool on a busy machine gets a little longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ToolReport _report = new(invocation.Call.Id, events, time);

    /// <summary>Writes the result, unless it was stopped; never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var outcome = await OutcomeAsync(cancellationToken);
            _report.End();
            var result = outcome.ToResult(invocation.Call.Id, time.GetElapsedTime(started));
            await events.WriteAsync(new StreamChatResponse { ToolResult = result }, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for a result any more.
            _report.End();
        }
    }

    private async Task<ToolOutcome> OutcomeAsync(CancellationToken cancellationToken)
    {
        if (invocation.Tool is not { } tool)
        {
            return ToolOutcome.Of(new ToolFailure($"There is no tool {invocation.Call.Name}."));
        }

        var (arguments, failure) = ToolArguments.Read(
            invocation.Call.ArgumentsJson, ToolArguments.SchemaOf(tool.Function));
        if (arguments is null)
        {
            return ToolOutcome.Of(failure!);
        }

        _report.AddTo(arguments);
        try
        {
            return ToolOutcome.Of(await InvokeAsync(tool, arguments, cancellationToken)).Within(tool.MaxResultBytes);
        }
        catch (Exception bug) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody knows what its message holds: the model is told the kind alone.
            ToolsLog.ToolFailed(logger, tool.Name, bug.GetType().Name);
            ToolsLog.ToolException(logger, tool.Name, bug);
            return ToolOutcome.Of(new ToolFailure($"The tool failed by {bug.GetType().Name}."));
        }
    }

    private async Task<object?> InvokeAsync(
        ToolEntry tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(tool.Deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var token = stop.Token;

        var work = StartAsync(tool, arguments, token);
        try
        {
            return await work.WaitAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            _ = WatchLeftBehindAsync(tool, work);
            cancellationToken.ThrowIfCancellationRequested();
            return new ToolFailure($"The tool did not answer within {tool.Deadline.TotalSeconds} s.");
        }
    }

    // A tool may compute a while before it first awaits, and the others wait to be started.
    private static async Task<object?> StartAsync(
        ToolEntry tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await tool.Function.InvokeAsync(arguments, cancellationToken);
    }

    private async Task WatchLeftBehindAsync(ToolEntry tool, Task work)
    {
        try
        {
            await work.WaitAsync(Patience, time);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            ToolsLog.ToolLeftBehind(logger, tool.Name, Patience.TotalSeconds);

            // Its failure, if it ever comes, is looked at and forgotten.
            await work.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        catch (Exception afterwards)
        {
            ToolsLog.ToolException(logger, tool.Name, afterwards);
        }
    }
}
