namespace Simulation.Tests.Scheduling;

/// <summary>
/// Where code runs: a process of the service, or the world around it. What is awaited here goes on here, when the
/// scheduler picks it. A process that has died runs nothing any more, and one that is frozen nothing until it wakes up.
/// </summary>
internal sealed class Place(string name, Scheduler scheduler) : SynchronizationContext
{
    public string Name => name;

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Enqueue(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in a schedule blocks.");

    public override SynchronizationContext CreateCopy() => this;

    public void Die() => IsDead = true;

    /// <summary>What is ready here waits, and so do its timers: nothing tells it how long.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        scheduler.Hold(this);
    }

    public void Wake()
    {
        IsFrozen = false;
        scheduler.LetGo(this);
    }

    /// <summary>Starts something here; who awaits it elsewhere goes on there.</summary>
    public Task RunAsync(Func<Task> work)
    {
        var done = new TaskCompletionSource();
        Post(_ => Start(work, done), null);
        return done.Task;
    }

    private static void Start(Func<Task> work, TaskCompletionSource done)
    {
        _ = FinishAsync();

        async Task FinishAsync()
        {
            try
            {
                await work();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }
}
