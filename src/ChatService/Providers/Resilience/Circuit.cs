using Polly;
using Polly.CircuitBreaker;

namespace ChatGrpc.Providers.Resilience;

/// <summary>
/// Whether one model of one provider is worth a call. Polly counts the ends of calls and decides; a call is judged when
/// it ends, which may be minutes after it began. When the break is over, one call tries the model and the others wait
/// for what becomes of it.
/// </summary>
internal sealed class Circuit
{
    // The answers of a chat take seconds: long enough for a few of them to end, short enough to forget an outage.
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    // One failure in two is worse than any provider on a bad day.
    private const double FailureRatio = 0.5;

    // For those who come while it is on trial.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _failed;
    private readonly TimeProvider _time;
    private readonly TimeSpan _break;
    private DateTimeOffset _openUntil;
    private bool _onTrial;

    public Circuit(ResilienceOptions options, TimeProvider time)
    {
        _time = time;
        _break = options.CircuitBreak;
        _failed = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = options.CircuitCalls,
                SamplingDuration = Sampling,
                BreakDuration = options.CircuitBreak,
                StateProvider = _state,
                ShouldHandle = new PredicateBuilder<bool>().HandleResult(true),
            })
            .Build();
    }

    /// <summary>Null: the model may be called, and the call has to be left. Else: how long to keep away.</summary>
    public TimeSpan? Enter(out bool onTrial)
    {
        lock (_lock)
        {
            onTrial = false;
            if (_state.CircuitState == CircuitState.Closed)
            {
                return null;
            }

            var left = _openUntil - _time.GetUtcNow();
            if (left > TimeSpan.Zero || _onTrial)
            {
                return left > Moment ? left : Moment;
            }

            onTrial = _onTrial = true;
            return null;
        }
    }

    /// <param name="failed">Null: nobody knows, as when the call was cancelled.</param>
    public void Leave(bool onTrial, bool? failed)
    {
        lock (_lock)
        {
            _onTrial &= !onTrial;
            if (failed is { } end && (onTrial || _state.CircuitState == CircuitState.Closed))
            {
                Count_NeedsLock(end);
            }
        }
    }

    private void Count_NeedsLock(bool failed)
    {
        try
        {
            _ = _failed.Execute(static end => end, failed);
        }
        catch (BrokenCircuitException)
        {
            // The wall clock was set back during the trial; the next one counts.
        }

        if (_state.CircuitState == CircuitState.Open)
        {
            _openUntil = _time.GetUtcNow() + _break;
        }
    }
}
