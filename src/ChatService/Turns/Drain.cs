namespace ChatGrpc.Turns;

/// <summary>How far the service has come in stopping.</summary>
internal sealed class Drain
{
    private volatile bool _hasBegun;
    private volatile bool _isOver;

    /// <summary>No turn begins any more, queued ones included.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>No turn runs any more.</summary>
    public bool IsOver => _isOver;

    public void Begin() => _hasBegun = true;

    public void End() => _isOver = true;
}
