namespace ChatGrpc.Tools.Mcp;

/// <summary>
/// How long a server that fails is left alone before it is started again: not at all after a first crash, then twice as
/// long each time. Not safe for several threads.
/// </summary>
internal sealed class RestartPace(TimeProvider time)
{
    // A server that ran so long is not one that crashes at its start.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private int _failures;
    private DateTimeOffset _notBefore;

    public bool IsDue => time.GetUtcNow() >= _notBefore;

    public void StartFailed()
    {
        _failures++;
        Wait(_failures);
    }

    public void Crashed(TimeSpan uptime)
    {
        _failures = uptime >= Settled ? 1 : _failures + 1;
        Wait(_failures - 1);
    }

    // 1, 2, 4 s and so on; seven doublings are beyond the longest.
    private void Wait(int doubled)
    {
        var pause = doubled == 0 ? TimeSpan.Zero : First * Math.Pow(2, Math.Min(doubled, 7) - 1);
        _notBefore = time.GetUtcNow() + (pause < Longest ? pause : Longest);
    }
}
