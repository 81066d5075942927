namespace Simulation.Tests.Scheduling;

/// <summary>
/// One thread that runs whatever is ready, in an order that the seed chooses, and moves the clock when nothing is. The
/// same seed makes the same schedule, step for step.
/// </summary>
internal sealed class Scheduler
{
    // Time also passes while work is ready, but so little that no limit of a turn is reached by it.
    private static readonly TimeSpan EarlyTimer = TimeSpan.FromMilliseconds(50);

    private readonly Chance _chance;
    private readonly int _inOrderPercent;
    private readonly int _earlyPercent;
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly List<Work> _ready = [];
    private readonly List<Work> _held = [];
    private readonly List<SimulatedTimer> _armed = [];

    public Scheduler(Chance chance)
    {
        _chance = chance;
        _inOrderPercent = chance.Of(0, 0, 50, 90);
        _earlyPercent = chance.Of(0, 1, 5);
        World = new Place("world", this);
    }

    /// <summary>The clients, the store and the clock's master; it does not die.</summary>
    public Place World { get; }

    public Trace Trace { get; } = new();

    /// <summary>Since the beginning; not zero there, because at zero a timestamp cannot be told from none.</summary>
    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public int Steps { get; private set; }

    /// <summary>What ran on another thread, or threw where nobody catches; it ends it. Null: nothing.</summary>
    public string? Escaped { get; private set; }

    /// <summary>Runs until that is so. False: it never will be, or not within so many steps.</summary>
    public bool RunUntil(Func<bool> isDone, int maxSteps)
    {
        var before = SynchronizationContext.Current;
        try
        {
            for (var end = Steps + maxSteps; !isDone(); Steps++)
            {
                if (Steps >= end || Escaped is not null || !Step())
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Enqueue(Place place, SendOrPostCallback callback, object? state)
    {
        if (Thread.CurrentThread != _thread)
        {
            Escaped = $"something of {place.Name} went on outside the scheduler: {state}";
        }
        else if (!place.IsDead)
        {
            (place.IsFrozen ? _held : _ready).Add(new Work(place, callback, state));
        }
    }

    public void Hold(Place frozen) => Move(frozen, _ready, _held);

    public void LetGo(Place awake) => Move(awake, _held, _ready);

    public void Arm(SimulatedTimer timer) => _armed.Add(timer);

    public void Disarm(SimulatedTimer timer) => _armed.Remove(timer);

    private bool Step()
    {
        var next = NextTimer();
        if (_ready.Count == 0)
        {
            if (next is null)
            {
                return false;
            }

            Fire(next);
        }
        else if (next is not null && next.Due - Now <= EarlyTimer && _chance.Percent(_earlyPercent))
        {
            Fire(next);
        }

        if (_ready.Count > 0)
        {
            RunOne();
        }

        return true;
    }

    private void RunOne()
    {
        var index = _chance.Percent(_inOrderPercent) ? 0 : _chance.Below(_ready.Count);
        var work = _ready[index];
        _ready.RemoveAt(index);
        if (work.Place.IsDead)
        {
            return;
        }

        Trace.Step(work.Place.Name, index, Now);
        SynchronizationContext.SetSynchronizationContext(work.Place);
        try
        {
            work.Callback(work.State);
        }
        catch (Exception bug)
        {
            // As of a timer, which nobody awaits: a process would die of it.
            Escaped = $"something of {work.Place.Name} throws where nobody catches: {bug.Message}";
        }
    }

    // As on a real clock, the callback runs a little later, and may find that it is not wanted any more.
    private void Fire(SimulatedTimer timer)
    {
        Now = timer.Due > Now ? timer.Due : Now;
        _armed.Remove(timer);
        timer.Place.Post(static state => ((SimulatedTimer)state!).Fire(), timer);
    }

    private SimulatedTimer? NextTimer()
    {
        SimulatedTimer? first = null;
        for (var i = _armed.Count - 1; i >= 0; i--)
        {
            var timer = _armed[i];
            if (timer.Place.IsDead)
            {
                _armed.RemoveAt(i);
            }
            else if (!timer.Place.IsFrozen && (first is null || timer.Due <= first.Due))
            {
                first = timer;
            }
        }

        return first;
    }

    private static void Move(Place place, List<Work> from, List<Work> to)
    {
        to.AddRange(from.Where(work => work.Place == place));
        _ = from.RemoveAll(work => work.Place == place);
    }

    private readonly record struct Work(Place Place, SendOrPostCallback Callback, object? State);
}
