using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Why a call ended; the first reason counts.</summary>
internal enum EndReason
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The handler returned or threw.</summary>
    HandlerDone,

    /// <summary>The client reset the call or its connection broke.</summary>
    ClientGone,

    /// <summary>The deadline passed.</summary>
    DeadlineExceeded,

    /// <summary>The client did not take what it was sent.</summary>
    ReaderTooSlow,
}

/// <summary>Watches a call's client and deadline, and owns the token that tells the handler.</summary>
internal sealed class CallLifetime : IAsyncDisposable
{
    // A handler that heard of the deadline may say in so much time how far it came; no client sees the difference.
    private static readonly TimeSpan HandlerGrace = TimeSpan.FromMilliseconds(100);

    // A response that cannot be ended this long after the deadline belongs to a client that does not read.
    private static readonly TimeSpan EndingGrace = TimeSpan.FromSeconds(1);

    // Timers take at most 49 days at once; a day keeps far from that and costs nothing.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly TimeProvider _clock;
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _timer;
    private readonly long _startTimestamp;
    private readonly TimeSpan _timeout;
    private Action? _onHandlerGraceOver;
    private Action? _onEndingGraceOver;
    private bool _handlerGraceOver;
    private int _reason;

    public CallLifetime(HttpContext http, TimeSpan? timeout, TimeProvider clock)
    {
        _clock = clock;
        _aborted = http.RequestAborted;
        Token = _aborted;
        Deadline = DateTime.MaxValue;
        if (timeout is not { } limit)
        {
            return;
        }

        _timeout = limit;
        _startTimestamp = clock.GetTimestamp();
        var now = clock.GetUtcNow().UtcDateTime;
        Deadline = limit < DateTime.MaxValue - now ? now + limit : DateTime.MaxValue;
        _source = new CancellationTokenSource();
        Token = _source.Token;
        _registration = _aborted.UnsafeRegister(static state => ((CallLifetime)state!).ClientGone(), this);
        _timer = clock.CreateTimer(
            static state => ((CallLifetime)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The deadline in UTC; <see cref="DateTime.MaxValue"/> for none.</summary>
    public DateTime Deadline { get; }

    /// <summary>Fires when the client is gone or the deadline has passed.</summary>
    public CancellationToken Token { get; }

    public EndReason Reason => (EndReason)Volatile.Read(ref _reason) is var reason && reason == EndReason.None
        && _aborted.IsCancellationRequested
            ? EndReason.ClientGone
            : reason;

    /// <summary>Whether the handler goes on for nobody.</summary>
    public bool IsAbandoned => Reason is not (EndReason.None or EndReason.HandlerDone);

    /// <summary>Starts the clock.</summary>
    /// <param name="onHandlerGraceOver">
    /// Ends the call after its deadline if the handler has not; runs at most once, on a timer's thread.
    /// </param>
    /// <param name="onEndingGraceOver">Cuts the call if the client did not take the end.</param>
    public void Start(Action onHandlerGraceOver, Action onEndingGraceOver)
    {
        _onHandlerGraceOver = onHandlerGraceOver;
        _onEndingGraceOver = onEndingGraceOver;
        Schedule(_timeout);
    }

    /// <summary>Notes that the client is gone; a failed read or write may show it before the token does.</summary>
    public void ClientGone()
    {
        if (TryEnd(EndReason.ClientGone))
        {
            _ = _source?.CancelAsync();
        }
    }

    /// <summary>
    /// Notes that the client does not read; false when the call has ended for another reason before. The handler learns
    /// it from the write that waits.
    /// </summary>
    public bool ReaderTooSlow() => TryEnd(EndReason.ReaderTooSlow);

    /// <summary>Notes that the handler is done; false when the call has ended for another reason before.</summary>
    public bool TryFinish() => TryEnd(EndReason.HandlerDone);

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _source?.Dispose();
    }

    private bool TryEnd(EndReason reason) =>
        Interlocked.CompareExchange(ref _reason, (int)reason, (int)EndReason.None) == (int)EndReason.None;

    private void OnTimer()
    {
        var remaining = _timeout - _clock.GetElapsedTime(_startTimestamp);
        if (remaining > TimeSpan.Zero)
        {
            Schedule(remaining);
        }
        else if (TryEnd(EndReason.DeadlineExceeded))
        {
            Schedule(HandlerGrace);

            // Not in line: the handler's own callbacks must neither delay the timer's thread nor throw on it. The call,
            // and with it the source, lasts until the response has ended.
            _ = _source?.CancelAsync();
        }
        else if (Reason == EndReason.DeadlineExceeded && !_handlerGraceOver)
        {
            _handlerGraceOver = true;
            Schedule(EndingGrace);
            _onHandlerGraceOver?.Invoke();
        }
        else if (Reason == EndReason.DeadlineExceeded)
        {
            _onEndingGraceOver?.Invoke();
        }
    }

    private void Schedule(TimeSpan time) =>
        _timer?.Change(time < LongestTimer ? time : LongestTimer, Timeout.InfiniteTimeSpan);
}
