namespace ChatGrpc.Turns;

/// <summary>
/// Something that comes once and for all, and is waited for. Who waits, in whatever way (also WhenAll, or with a
/// limit), goes on where it waits and never inside the call that reaches the milestone.
/// </summary>
internal sealed class Milestone
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A completion source of that kind hands whoever combines its task to the thread pool; the task of a method that
    // awaits it does not, so that a test with a scheduler of its own has all of them on it.
    public Milestone() => Reached = WaitAsync();

    public bool IsReached => _source.Task.IsCompleted;

    public Task Reached { get; }

    public void Reach() => _source.TrySetResult();

    private async Task WaitAsync() => await _source.Task;
}
