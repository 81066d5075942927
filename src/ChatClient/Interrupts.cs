namespace ChatGrpc.Client;

/// <summary>
/// What Ctrl+C does: it stops the work under way; a second one, or one where nothing is under way, ends the program.
/// At a prompt the first one only says so.
/// </summary>
internal sealed class Interrupts
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _work;
    private Action? _hint;
    private bool _hinted;

    /// <summary>From now on there is a prompt, at which the first Ctrl+C does this.</summary>
    public void Prompt(Action hint)
    {
        lock (_gate)
        {
            _hint = hint;
        }
    }

    /// <summary>Somebody typed: the next Ctrl+C is a first one again.</summary>
    public void Typed()
    {
        lock (_gate)
        {
            _hinted = false;
        }
    }

    /// <summary>Work that Ctrl+C stops.</summary>
    public async Task<T> DuringAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Set(source);
        try
        {
            return await work(source.Token);
        }
        finally
        {
            Set(null);
        }
    }

    /// <summary>Ctrl+C. False: the program shall end.</summary>
    public bool Press()
    {
        CancellationTokenSource? work;
        Action? hint;
        lock (_gate)
        {
            work = _work;
            hint = work is null && !_hinted ? _hint : null;
            _hinted |= hint is not null;
        }

        if (work is null)
        {
            hint?.Invoke();
            return hint is not null;
        }

        try
        {
            var isFirst = !work.IsCancellationRequested;
            work.Cancel();
            return isFirst;
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this moment.
            return true;
        }
    }

    private void Set(CancellationTokenSource? work)
    {
        lock (_gate)
        {
            _work = work;
            _hinted = false;
        }
    }
}
