namespace ChatGrpc.Storage;

/// <summary>
/// Tells at once what a look at the store would find in a moment: another process has written something. Only a hint:
/// it may be missing, late or doubled, and whoever hears it looks.
/// </summary>
internal sealed class StoreHints
{
    /// <summary>Turns have come further, or sessions have changed.</summary>
    public event Action? Written;

    /// <summary>Something may be wanted of turns that run here, or may let them run.</summary>
    public event Action? Wished;

    public void TellWritten() => Written?.Invoke();

    public void TellWished() => Wished?.Invoke();
}
