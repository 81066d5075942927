using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Google.Rpc;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>The turn's state after it took a result, or why it did not.</summary>
internal readonly record struct TakenResult(StreamState State, Failure? Failure)
{
    public static implicit operator TakenResult(Failure failure) => new(StreamState.Unspecified, failure);
}

/// <summary>Takes the results of tools that clients run, from whichever client.</summary>
internal sealed class ResultTaking(
    IChatStore store, TurnRegistry turns, IOptions<TurnOptions> options, TimeProvider time)
{
    private static readonly Failure NoSuchCall = new(
        Code.NotFound, "TOOL_CALL_NOT_FOUND", "The turn has no such call that its client would have to answer.");

    private static readonly Failure GivenBefore = new(
        Code.AlreadyExists, "TOOL_RESULT_EXISTS", "The call has another result already.");

    private static readonly Failure TooLarge = new(
        Code.ResourceExhausted, "TOOL_RESULTS_TOO_LARGE",
        "With those before it, the result is more than a turn can hold: submit a shorter one.");

    private static readonly Failure NotAwaited = new(
        Code.FailedPrecondition, "TOOL_RESULT_NOT_AWAITED", "The turn does not wait for results any more.");

    /// <summary>Returns when the result is saved.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<TakenResult> TakeAsync(
        string tenantId, string streamId, ToolResult result, CancellationToken cancellationToken)
    {
        if (turns.Find(tenantId, streamId) is not { } turn)
        {
            return await FindTakenAsync(tenantId, streamId, result, cancellationToken);
        }

        result.DurationMs = (long)Math.Max(0, (time.GetUtcNow() - turn.ClientCalls.Since).TotalMilliseconds);
        switch (turn.ClientCalls.Give(result, out var given))
        {
            case GivenOutcome.NotFound:
                return NoSuchCall;
            case GivenOutcome.Contradicted:
                return GivenBefore;
            case GivenOutcome.TooLarge:
                return TooLarge;
        }

        // The turn takes it when its other tools are through, however long they need.
        await Task.WhenAny(given!.Logged, turn.Completion).WaitAsync(cancellationToken);
        try
        {
            await SavedAsync(turn, given).WaitAsync(options.Value.ClosingCommit, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new StoreException(TurnFailures.StoreAway.Message, late);
        }

        if (given.Logged.IsCompleted && turn.Log.IsSaved(given.Sequence))
        {
            return new TakenResult(turn.IsWaiting ? StreamState.Waiting : StreamState.Running, Failure: null);
        }

        return turn.Stop.Cause == StopCause.Shutdown ? TurnFailures.Stopping : NotAwaited;
    }

    private static Task SavedAsync(Turn turn, GivenResult given) =>
        given.Logged.IsCompleted ? turn.Log.SavedAsync(given.Sequence) : Task.CompletedTask;

    // The turn has ended, or went on in another process: who gave the result may not have heard that it was taken.
    private async Task<TakenResult> FindTakenAsync(
        string tenantId, string streamId, ToolResult result, CancellationToken cancellationToken)
    {
        if (await store.FindStreamAsync(tenantId, streamId, cancellationToken) is not { } stream)
        {
            return ReadFailures.StreamNotFound;
        }

        var steps = await store.ReadStepsAsync(tenantId, streamId, cancellationToken);
        var events = steps.SelectMany(step => step.Events).ToList();
        if (!events.Exists(each => each.ToolCall is { Kind: ToolKind.Client } call && call.Id == result.Id))
        {
            return NoSuchCall;
        }

        return events.Find(each => each.ToolResult?.Id == result.Id)?.ToolResult switch
        {
            // It waits on for its client, but not here: the service stops, or has only just begun.
            null when stream.IsOpen => turns.IsStopping ? TurnFailures.Stopping : TurnFailures.OwnerLost,
            null => NotAwaited,
            var taken when ClientCalls.IsSame(taken, result) => new TakenResult(stream.State, Failure: null),
            _ => GivenBefore,
        };
    }
}
