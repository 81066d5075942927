using ChatGrpc.Model;
using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Follows turns that another incarnation runs, for all who read them here: one question to the store for all of them,
/// again and again while there are any. It sees what is committed, and nothing else.
/// </summary>
internal sealed class TurnFollower
{
    // Readers come and go; nobody follows a turn that none has read for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IChatStore _store;
    private readonly TimeProvider _time;
    private readonly TurnOptions _options;
    private readonly Alarm _alarm;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Followed> _followed = [];
    private bool _isLooking;
    private bool _isOver;

    public TurnFollower(IChatStore store, StoreHints hints, IOptions<TurnOptions> options, TimeProvider time)
    {
        (_store, _options, _time, _alarm) = (store, options.Value, time, new Alarm(time));
        hints.Written += _alarm.Ring;
    }

    /// <summary>What is kept of the turns that are followed.</summary>
    public long MemoryBytes
    {
        get
        {
            lock (_gate)
            {
                return _followed.Values.Sum(followed => followed.Log.HeldBytes);
            }
        }
    }

    /// <summary>The log of a stream that is open in the store, and not here.</summary>
    public TurnLog Follow(StreamRecord stream)
    {
        lock (_gate)
        {
            var known = _followed.GetValueOrDefault(stream.StreamId);
            if (known?.Epoch == stream.Epoch)
            {
                known.LastWanted = _time.GetTimestamp();
                return known.Log;
            }

            // Of two epochs the later one is there, whoever looked first: who reads the other one is sent away.
            var log = TurnLog.Followed(stream, _options.TailBytes);
            if (_isOver || known?.Epoch > stream.Epoch)
            {
                log.Lose(_isOver ? TurnFailures.Stopping : TurnFailures.OwnerLost);
                return log;
            }

            known?.Log.Lose(TurnFailures.OwnerLost);
            _followed[stream.StreamId] = new Followed(log, stream.Epoch) { LastWanted = _time.GetTimestamp() };
            if (!_isLooking)
            {
                _isLooking = true;
                _ = LookAsync();
            }

            return log;
        }
    }

    /// <summary>Sends all readers away: the service stops.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var (streamId, followed) in _followed.ToList())
            {
                Leave_NeedsLock(streamId, followed, TurnFailures.Stopping);
            }
        }
    }

    private async Task LookAsync()
    {
        await Task.Yield();
        var pace = new LookPace();
        long? awaySince = null;
        while (Places() is { Count: > 0 } places)
        {
            try
            {
                var found = await _store.FollowAsync(places, CancellationToken.None);
                pace.Looked(Take(places, found.ToDictionary(stream => stream.StreamId)));
                awaySince = null;
            }
            catch (Exception)
            {
                // Whatever it is: if nobody looked any more, its readers would wait for ever.
                pace.Failed();
                awaySince ??= _time.GetTimestamp();
                if (_time.GetElapsedTime(awaySince.Value) >= _options.ClosingCommit)
                {
                    LoseAll(places);
                }
            }

            await _alarm.WaitAsync(pace.Pause, CancellationToken.None);
        }
    }

    // Empty: nobody looks any more, from this moment on.
    private List<FollowedPlace> Places()
    {
        lock (_gate)
        {
            foreach (var (streamId, followed) in _followed.ToList())
            {
                if (followed.Log.HasReaders)
                {
                    followed.LastWanted = _time.GetTimestamp();
                }
                else if (_time.GetElapsedTime(followed.LastWanted) >= Patience)
                {
                    // Whoever found it here just now comes again.
                    Leave_NeedsLock(streamId, followed, TurnFailures.OwnerLost);
                }
            }

            _isLooking = _followed.Count > 0;
            return [.. _followed.Select(pair => new FollowedPlace(pair.Key, pair.Value.Log.LastSequence))];
        }
    }

    private bool Take(List<FollowedPlace> places, Dictionary<string, FollowedStream> found)
    {
        var isNew = false;
        lock (_gate)
        {
            foreach (var (streamId, _) in places)
            {
                if (!_followed.TryGetValue(streamId, out var followed))
                {
                    continue;
                }

                var now = found.GetValueOrDefault(streamId);
                if (now?.Epoch < followed.Epoch)
                {
                    // Somebody has found it in a later epoch since the store was asked.
                    continue;
                }

                if (now is null)
                {
                    Leave_NeedsLock(streamId, followed, TurnFailures.StreamDeleted);
                }
                else if (now.Epoch != followed.Epoch)
                {
                    // Who has read further than the new owner begins has to be told.
                    Leave_NeedsLock(streamId, followed, TurnFailures.OwnerLost);
                }
                else
                {
                    isNew |= now.Events.Count > 0;
                    followed.Log.Follow(now.Events);
                    if (!now.IsOpen && followed.Log.LastSequence == now.LastSequence)
                    {
                        _ = _followed.Remove(streamId);
                    }
                    else if (!now.IsOpen && now.Events.Count == 0)
                    {
                        // It has ended, and its events are not kept any more: who asks again is told so.
                        Leave_NeedsLock(streamId, followed, TurnFailures.OwnerLost);
                    }
                }
            }
        }

        return isNew;
    }

    private void LoseAll(List<FollowedPlace> places)
    {
        lock (_gate)
        {
            foreach (var (streamId, _) in places)
            {
                if (_followed.TryGetValue(streamId, out var followed))
                {
                    Leave_NeedsLock(streamId, followed, TurnFailures.StoreAway);
                }
            }
        }
    }

    private void Leave_NeedsLock(string streamId, Followed followed, Failure why)
    {
        _ = _followed.Remove(streamId);
        followed.Log.Lose(why);
    }

    private sealed class Followed(TurnLog log, long epoch)
    {
        public TurnLog Log => log;

        public long Epoch => epoch;

        /// <summary>When somebody read it last, by the clock's timestamp.</summary>
        public long LastWanted { get; set; }
    }
}
