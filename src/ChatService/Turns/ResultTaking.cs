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
    IChatStore store, TurnRegistry turns, TurnsElsewhere elsewhere, Incarnation incarnation,
    IOptions<TurnOptions> options, TimeProvider time)
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

    // With a store that answers a call is saved a fraction of a second after it was shown.
    private static readonly TimeSpan LongestUnsaved = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the result is saved.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<TakenResult> TakeAsync(
        string tenantId, string streamId, ToolResult result, CancellationToken cancellationToken)
    {
        if (turns.Find(tenantId, streamId) is { } here)
        {
            return await TakeAsync(here, result, cancellationToken);
        }

        var began = time.GetTimestamp();
        Turn? adopted = null;
        var (found, isOpen) = await FindTakenAsync(tenantId, streamId, result, cancellationToken);
        if (elsewhere.Exist && MayCome())
        {
            await elsewhere.GiveAsync(tenantId, streamId, result, LookAsync, cancellationToken);
        }

        return adopted is null ? found : await TakeAsync(adopted, result, cancellationToken);

        async Task<bool> LookAsync()
        {
            adopted = turns.Find(tenantId, streamId);
            (found, isOpen) = await FindTakenAsync(tenantId, streamId, result, cancellationToken);
            return adopted is not null || !MayCome();
        }

        // A call may have been shown by its owner and not be saved yet.
        bool MayCome() => found.Failure == TurnFailures.OwnerLost
            || (isOpen && found.Failure == NoSuchCall && time.GetElapsedTime(began) < LongestUnsaved);
    }

    /// <summary>A result for a turn that is here, which takes it when it can.</summary>
    public GivenOutcome Give(Turn turn, ToolResult result, out GivenResult? given) =>
        turn.ClientCalls.Give(result, time.GetUtcNow(), out given);

    private async Task<TakenResult> TakeAsync(Turn turn, ToolResult result, CancellationToken cancellationToken)
    {
        if (Refusal(Give(turn, result, out var given)) is { } refusal)
        {
            // A process that wakes up may hold a turn that has long gone on elsewhere: its word is for good.
            await incarnation.EnsureAsync(cancellationToken);
            return turn.Log.Failure ?? refusal;
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
            // One that is repeated may have been saved long before, and the turn have gone on elsewhere.
            await incarnation.EnsureAsync(cancellationToken);
            return turn.Log.Failure == TurnFailures.OwnerLost
                ? TurnFailures.OwnerLost
                : new TakenResult(turn.Log.FinalState ?? turn.OpenState, Failure: null);
        }

        // Where its log was given up, it may wait on elsewhere.
        return turn.Log.Failure ?? (turn.Stop.Cause == StopCause.Shutdown ? TurnFailures.Stopping : NotAwaited);
    }

    private static Failure? Refusal(GivenOutcome outcome) => outcome switch
    {
        GivenOutcome.NotFound => NoSuchCall,
        GivenOutcome.Contradicted => GivenBefore,
        GivenOutcome.TooLarge => TooLarge,
        _ => null,
    };

    private static Task SavedAsync(Turn turn, GivenResult given) =>
        given.Logged.IsCompleted ? turn.Log.SavedAsync(given.Sequence) : Task.CompletedTask;

    // The turn has ended, or is another process's: who gave the result may not have heard that it was taken.
    private async Task<(TakenResult Found, bool IsOpen)> FindTakenAsync(
        string tenantId, string streamId, ToolResult result, CancellationToken cancellationToken)
    {
        if (await store.FindStreamAsync(tenantId, streamId, cancellationToken) is not { } stream)
        {
            return (ReadFailures.StreamNotFound, IsOpen: false);
        }

        var steps = await store.ReadStepsAsync(tenantId, streamId, cancellationToken);
        var found = Judge(stream, [.. steps.SelectMany(step => step.Events)], result);
        if (found.State == StreamState.Waiting)
        {
            // It may have been the last one that was missing, since its row was read.
            stream = await store.FindStreamAsync(tenantId, streamId, cancellationToken) ?? stream;
            found = found with { State = stream.State };
        }

        return (found, stream.IsOpen);
    }

    private TakenResult Judge(StreamRecord stream, List<StreamChatResponse> events, ToolResult result)
    {
        var calls = events.Select(each => each.ToolCall).OfType<ToolCall>().Where(call => call.Kind == ToolKind.Client)
            .Select(call => call.Id).ToHashSet();
        if (!calls.Contains(result.Id))
        {
            return NoSuchCall;
        }

        var given = events.Select(each => each.ToolResult).OfType<ToolResult>().Where(each => calls.Contains(each.Id))
            .ToList();

        return given.Find(each => each.Id == result.Id) switch
        {
            // It waits on for its client, but not here: it is another's, the service stops, or has only just begun.
            null when stream.IsOpen && turns.IsStopping => TurnFailures.Stopping,
            null when stream.IsOpen && ClientCalls.IsTooMuch(given, result) => TooLarge,
            null when stream.IsOpen => TurnFailures.OwnerLost,
            null => NotAwaited,
            var taken when ClientCalls.IsSame(taken, result) => new TakenResult(stream.State, Failure: null),
            _ => GivenBefore,
        };
    }
}
