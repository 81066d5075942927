using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// Decides once how a call ends, and frees what it holds when nobody uses it any more. Sending, reading and ending
/// each enter and leave: a buffer must not go back to its pool under a read that is still running.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The last user to leave an ended call disposes them.")]
internal sealed class CallLifetime
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Action _release;
    private readonly CallDeadline? _deadline;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _channelRegistration;
    private Status? _status;
    private Metadata _trailers = Metadata.Empty;
    private int _users = 1;

    /// <summary>Starts with one user, the constructor's caller, who has to <see cref="Leave"/>.</summary>
    public CallLifetime(GrpcChannel channel, CallOptions options, Action release)
    {
        _release = release;
        StopToken = _stop.Token;
        if (CallDeadline.Read(options) is { } deadline)
        {
            _deadline = new CallDeadline(channel.TimeProvider, deadline, () => Stop(StopReason.DeadlineExceeded));
            if (_deadline.HasPassed)
            {
                Stop(StopReason.DeadlineExceeded);
            }
        }

        _callerRegistration = options.CancellationToken.UnsafeRegister(
            static state => ((CallLifetime)state!).Stop(StopReason.Cancelled), this);
        _channelRegistration = channel.Disposal.UnsafeRegister(
            static state => ((CallLifetime)state!).Stop(StopReason.ChannelDisposed), this);
    }

    /// <summary>Fires when this side ends the call early.</summary>
    public CancellationToken StopToken { get; }

    /// <summary>The time left, to tell the server; null without a deadline.</summary>
    public TimeSpan? Remaining => _deadline?.Remaining;

    /// <summary>Whether the deadline has passed, be it noticed or not.</summary>
    public bool DeadlineHasPassed => _deadline is { HasPassed: true };

    /// <summary>How the call ended, or null while it runs.</summary>
    public Status? Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>The metadata after the last message; empty while the call runs.</summary>
    public Metadata Trailers
    {
        get
        {
            lock (_lock)
            {
                return _trailers;
            }
        }
    }

    /// <summary>Keeps the call's resources; false when the call has ended.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_status is not null)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>Gives the resources up; the last one out of an ended call frees them.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0 || _status is null)
            {
                return;
            }
        }

        // No user can enter an ended call, so this point is reached once.
        _callerRegistration.Unregister();
        _channelRegistration.Unregister();
        _deadline?.Dispose();
        _release();
        _stop.Dispose();
    }

    /// <summary>Ends the call with what the server or the transport said, unless it has ended before.</summary>
    public void End(Status status, Metadata trailers)
    {
        if (TrySetStatus(status, trailers))
        {
            Leave();
        }
    }

    /// <summary>Ends the call from this side and aborts what is in flight.</summary>
    public void Stop(Status reason)
    {
        if (TrySetStatus(reason, Metadata.Empty))
        {
            _stop.Cancel();
            Leave();
        }
    }

    private bool TrySetStatus(Status status, Metadata trailers)
    {
        lock (_lock)
        {
            if (_status is not null)
            {
                return false;
            }

            _status = status;
            _trailers = trailers;
            _users++;
            return true;
        }
    }
}
