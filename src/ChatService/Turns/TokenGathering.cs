using System.Text;
using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>
/// Makes larger tokens of small deltas, and smaller ones of large. The runner adds, a timer shows what has waited long
/// enough: each under the lock, so that the log has one writer at a time.
/// </summary>
internal sealed class TokenGathering
{
    private const int DefaultMaxDelayMs = 100;
    private const int DefaultMaxCharacters = 200;

    private readonly Lock _gate = new();
    private readonly StringBuilder _waiting = new();
    private readonly TimeSpan _maxDelay;
    private readonly int _maxCharacters;
    private readonly TurnLog _log;
    private readonly ITimer _timer;
    private TokenChannel _channel;
    private int _scalars;

    public TokenGathering(Coalescing coalescing, TurnLog log, TimeProvider time)
    {
        _maxDelay = TimeSpan.FromMilliseconds(coalescing.HasMaxDelayMs ? coalescing.MaxDelayMs : DefaultMaxDelayMs);
        _maxCharacters = coalescing.HasMaxCharacters ? coalescing.MaxCharacters : DefaultMaxCharacters;
        _log = log;
        _timer = time.CreateTimer(
            static gathering => ((TokenGathering)gathering!).Flush(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="text">Whole Unicode scalars.</param>
    public void Add(TokenChannel channel, string text)
    {
        lock (_gate)
        {
            if (channel != _channel)
            {
                Flush_NeedsLock();
                _channel = channel;
            }

            var wasEmpty = _scalars == 0;
            foreach (var scalar in text.EnumerateRunes())
            {
                _ = _waiting.Append(scalar.ToString());
                if (++_scalars == _maxCharacters)
                {
                    Flush_NeedsLock();
                    wasEmpty = true;
                }
            }

            if (wasEmpty && _scalars > 0)
            {
                _timer.Change(_maxDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            Flush_NeedsLock();
        }
    }

    /// <summary>Shows what waits; nothing is added after that.</summary>
    public void End()
    {
        Flush();
        _timer.Dispose();
    }

    private void Flush_NeedsLock()
    {
        if (_scalars == 0)
        {
            return;
        }

        _log.Append(new StreamChatResponse { Token = new Token { Text = _waiting.ToString(), Channel = _channel } });
        _waiting.Clear();
        _scalars = 0;
    }
}
