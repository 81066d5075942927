namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Where the response of a call stands.</summary>
internal enum ResponseState
{
    /// <summary>Open, nobody writes.</summary>
    Idle,

    /// <summary>One write is under way.</summary>
    Writing,

    /// <summary>The call has ended during a write; whoever writes sends the trailers afterwards.</summary>
    Ending,

    /// <summary>No message can follow.</summary>
    Ended,
}

/// <summary>What is done to the response.</summary>
internal enum ResponseMove
{
    /// <summary>Start a write.</summary>
    BeginWrite,

    /// <summary>Finish it.</summary>
    EndWrite,

    /// <summary>End the call, once.</summary>
    End,
}

/// <summary>
/// Lets one writer at a time at the response, and no one after the end. The deadline ends a call from another thread
/// than the handler's, so every move is one compare-and-set.
/// </summary>
internal sealed class ResponseGate
{
    private int _state;

    /// <summary>Moves on and returns the state before.</summary>
    /// <exception cref="InvalidOperationException">The move is not allowed now.</exception>
    public ResponseState Move(ResponseMove move)
    {
        while (true)
        {
            var before = (ResponseState)Volatile.Read(ref _state);
            var after = Next(before, move);
            if (Interlocked.CompareExchange(ref _state, (int)after, (int)before) == (int)before)
            {
                return before;
            }
        }
    }

    private static ResponseState Next(ResponseState state, ResponseMove move) => (state, move) switch
    {
        (ResponseState.Idle, ResponseMove.BeginWrite) => ResponseState.Writing,
        (ResponseState.Writing, ResponseMove.BeginWrite) => throw new InvalidOperationException(
            "The write before this one has not ended; await it first."),
        (ResponseState.Ending or ResponseState.Ended, ResponseMove.BeginWrite) => throw new InvalidOperationException(
            "The call has ended, so nothing more can be written."),
        (ResponseState.Writing, ResponseMove.EndWrite) => ResponseState.Idle,
        (ResponseState.Ending, ResponseMove.EndWrite) => ResponseState.Ended,
        (ResponseState.Idle, ResponseMove.End) => ResponseState.Ended,
        (ResponseState.Writing, ResponseMove.End) => ResponseState.Ending,
        _ => throw new InvalidOperationException($"A response that is {state} cannot {move}."),
    };
}
