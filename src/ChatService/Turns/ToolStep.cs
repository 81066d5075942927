using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Brings the results of the tools that a model called: those of the service are run, all at once; for those of the
/// client the turn waits.
/// </summary>
internal sealed class ToolStep(
    ToolRound round, Drain drain, IOptions<TurnOptions> options, IOptions<ToolOptions> toolOptions, TimeProvider time)
{
    private const string NoMore =
        "No more tools can be called for this answer. Answer with what you know, and say what is missing.";

    private const string NoObject = "The arguments are no JSON object.";

    /// <summary>Runs what an answer called. The calls are told whole first.</summary>
    public async IAsyncEnumerable<ScriptEvent> RunAsync(
        TurnCourse course, ModelStep answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var refused = Refused(course, answer.Calls);
        var awaited = answer.Calls
            .Where(call => call.Kind == ToolKind.Client && !refused.ContainsKey(call.Id)).ToList();
        var run = answer.Calls.Where(call => call.Kind != ToolKind.Client && !refused.ContainsKey(call.Id)).ToList();
        var said = course.Put(answer.Record());

        // A client may answer as soon as it sees its call.
        course.Turn.ClientCalls.Await(awaited.Select(call => call.Id), time.GetUtcNow());
        var settled = answer.Calls.Where(call => call.Kind == ToolKind.Client && refused.ContainsKey(call.Id))
            .ToDictionary(call => call.Id, call => course.Turn.ClientCalls.Settle(refused[call.Id]));
        var results = new ToolResults(course, answer.Calls.Count, awaited.Count, time);
        foreach (var call in answer.Calls)
        {
            var whole = new StreamChatResponse { ToolCall = call };
            if (call != answer.Calls[^1])
            {
                yield return whole;
            }
            else if (awaited.Count == answer.Calls.Count)
            {
                yield return new ScriptEvent(whole) { Steps = [said, results.Step], State = StreamState.Waiting };
            }
            else
            {
                yield return new ScriptEvent(whole) { Steps = [said] };
            }
        }

        if (course.Rounds > toolOptions.Value.MaxRounds)
        {
            yield return ClosingEvents.Warn(
                "TOOL_ROUNDS_EXCEEDED",
                $"The model called tools more than {toolOptions.Value.MaxRounds} times in a row.");
        }

        foreach (var result in refused.Values)
        {
            yield return results.Add(new StreamChatResponse { ToolResult = result });
            settled.GetValueOrDefault(result.Id)?.Log(course.Turn.Log.LastSequence);
        }

        var invocations = run.ConvertAll(call => new ToolInvocation(call, course.Belt.Find(call.Name)));
        await foreach (var next in round.RunAsync(invocations, cancellationToken))
        {
            yield return results.Add(course.Fit(next));
        }

        await foreach (var next in TakeAsync(course, results, cancellationToken))
        {
            yield return next;
        }
    }

    /// <summary>Goes on waiting where an earlier process did.</summary>
    public IAsyncEnumerable<ScriptEvent> ResumeAsync(TurnCourse course, CancellationToken cancellationToken)
    {
        var (said, waiting) = course.LastRound;
        return TakeAsync(course, new ToolResults(course, said, waiting, time), cancellationToken);
    }

    private async IAsyncEnumerable<ScriptEvent> TakeAsync(
        TurnCourse course, ToolResults results, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (results.IsComplete)
        {
            yield break;
        }

        // It waits by the store's word, or a restart would not find it waiting.
        var turn = course.Turn;
        await turn.Log.SavedAsync(turn.Log.LastSequence).WaitAsync(cancellationToken);
        turn.BeginWaiting(drain);
        var left = options.Value.ClientResult - (time.GetUtcNow() - results.Step.WaitingSince!.Value);
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        while (!results.IsComplete)
        {
            GivenResult? given = null;
            try
            {
                given = await turn.ClientCalls.TakeAsync(either.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (given is null || results.IsLast)
            {
                turn.GoOn(cancellationToken);
            }

            if (given is null)
            {
                yield return ClosingEvents.Error(TurnFailures.NoToolResult(options.Value.ClientResult));
                yield break;
            }

            yield return results.Add(new StreamChatResponse { ToolResult = given.Value });
            given.Log(turn.Log.LastSequence);
        }

        // The model is asked by the store's word too: if the process died in between, the next one would wait again
        // and ask it once more.
        await turn.Log.SavedAsync(turn.Log.LastSequence).WaitAsync(cancellationToken);
    }

    // What is answered without asking anybody: calls beyond the last round, and arguments that no client should see.
    private Dictionary<string, ToolResult> Refused(TurnCourse course, IReadOnlyList<ToolCall> calls)
    {
        var isOver = course.Rounds >= toolOptions.Value.MaxRounds;
        return calls
            .Where(call => isOver || (call.Kind == ToolKind.Client && !CalledTools.AreArguments(call.ArgumentsJson)))
            .ToDictionary(
                call => call.Id,
                call => new ToolResult { Id = call.Id, Text = isOver ? NoMore : NoObject, IsError = true });
    }
}
