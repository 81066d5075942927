using System.Diagnostics;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>One stream as the load expects it: every token, dense and in order, then the end marker.</summary>
internal sealed class TokenStream(int tokens, Recorder recorder)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _opened = Stopwatch.GetTimestamp();
    private int _next;
    private bool _marked;

    /// <summary>Fails if anything is missing.</summary>
    public Task Ended => _ended.Task;

    /// <summary>From the request to the first token.</summary>
    public TimeSpan FirstToken { get; private set; }

    /// <param name="index">The number inside the token's text.</param>
    /// <param name="sentMicroseconds">When the stand-in sent it, on the monotonic clock.</param>
    public void Take(int index, long sentMicroseconds)
    {
        if (index != _next)
        {
            Fail($"Token {index} came instead of {_next}.");
        }

        var now = Stopwatch.GetTimestamp();
        if (_next++ == 0)
        {
            FirstToken = Stopwatch.GetElapsedTime(_opened, now);
            recorder.Started();
        }

        recorder.Record((now / (Stopwatch.Frequency / 1_000_000)) - sentMicroseconds);
    }

    /// <summary>The marker of a whole answer came.</summary>
    public void Mark() => _marked = true;

    /// <summary>No more bytes come.</summary>
    public void End()
    {
        recorder.Ended();
        if (_next == tokens && _marked)
        {
            _ended.TrySetResult();
        }
        else
        {
            Fail($"{_next} of {tokens} tokens arrived, and the end marker {(_marked ? "too" : "did not")}.");
        }
    }

    public void Fail(string reason) => _ended.TrySetException(new InvalidOperationException(reason));
}
