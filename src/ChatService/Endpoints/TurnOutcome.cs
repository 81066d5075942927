using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Endpoints;

/// <summary>What a reading came to, for the call's status.</summary>
internal sealed class TurnOutcome
{
    private readonly Dictionary<string, string> _place = [];
    private Error? _error;
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
            case StreamChatResponse.EventOneofCase.Error:
                _error = next.Error;
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd:
                HasEnded = true;
                break;
        }
    }

    /// <param name="failure">Why the reading ended before stream_end; null: it did not.</param>
    public void EndReading(Failure? failure) =>
        _failure = failure ?? (_error is null ? null : new Failure((Code)_error.Code, _error.Reason, _error.Message)
        {
            Retryable = _error.Retryable,
            RetryAfter = _error.HasRetryAfterMs ? TimeSpan.FromMilliseconds(_error.RetryAfterMs) : null,
            Metadata = _error.Metadata,
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
