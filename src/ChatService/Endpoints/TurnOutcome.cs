using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Endpoints;

/// <summary>What a reading came to, for the call's status.</summary>
internal sealed class TurnOutcome
{
    private readonly Dictionary<string, string> _place = [];
    private Failure? _failure;
    private long _lastSequence;

    /// <summary>stream_end was read.</summary>
    public bool HasEnded { get; private set; }

    public void Observe(StreamChatResponse next)
    {
        _lastSequence = Math.Max(_lastSequence, next.Sequence);
        switch (next.EventCase)
        {
            case StreamChatResponse.EventOneofCase.SessionInfo:
                _place["stream_id"] = next.SessionInfo.StreamId;
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                HasEnded = true;
                break;
        }
    }

    /// <param name="failure">Why the reading ended before stream_end; null: it did not.</param>
    /// <param name="error">The turn's own; null: it did not fail.</param>
    public void EndReading(Failure? failure, Error? error = null) =>
        _failure = failure ?? (error is null ? null : new Failure((Code)error.Code, error.Reason, error.Message)
        {
            Retryable = error.Retryable,
            RetryAfter = error.HasRetryAfterMs ? TimeSpan.FromMilliseconds(error.RetryAfterMs) : null,
            Metadata = error.Metadata,
        });

    /// <summary>The turn failed, or it cannot be read on here: where to resume is in the status.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is null)
        {
            return;
        }

        _place["last_sequence"] = $"{_lastSequence}";
        throw FailureStatus.Of(_failure with { Metadata = _failure.Metadata.Concat(_place).ToDictionary() });
    }
}
