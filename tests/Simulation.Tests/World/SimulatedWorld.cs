using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;

namespace Simulation.Tests.World;

/// <summary>All that one schedule has: what it is about, and what those who take part in it share.</summary>
internal sealed class SimulatedWorld
{
    private readonly List<Follower> _followers = [];
    private readonly List<Outages> _outages = [];

    public SimulatedWorld(long seed, StoreFlaw flaw)
    {
        Chance = new Chance(seed);
        Workload = Workload.By(Chance, isReplicated: seed >= Schedule.FirstOfReplicas);
        Scheduler = new Scheduler(Chance.Fork());
        Clock = new SimulatedClock(Scheduler, Scheduler.World);
        Store = new MemoryStore(flaw, Workload.IsReplicated ? Clock : null);
        Trouble = new StoreTrouble(Chance.Fork());
        Hints = new HintNetwork(Workload.IsReplicated, Chance, Clock);
        Ledger = new Ledger(Store, Scheduler, Workload);
        Models = new ModelCalls(Ledger, Store, Workload);
        ToolRuns = new ToolRuns(Ledger);
        Submissions = new Submissions(Ledger, Store);
        Leases = new LeaseRules(Ledger, Store, Scheduler);
        Commits = new CommitRules(Ledger, Store, Workload, ToolRuns);
        Answerer = new Answerer(this);
        Deployment = new Deployment(this);
    }

    public Chance Chance { get; }

    public Workload Workload { get; }

    public Scheduler Scheduler { get; }

    public SimulatedClock Clock { get; }

    public MemoryStore Store { get; }

    public StoreTrouble Trouble { get; }

    public HintNetwork Hints { get; }

    public Ledger Ledger { get; }

    public ModelCalls Models { get; }

    public ToolRuns ToolRuns { get; }

    public Submissions Submissions { get; }

    public CommitRules Commits { get; }

    public LeaseRules Leases { get; }

    public Answerer Answerer { get; }

    public Deployment Deployment { get; }

    public Trace Trace => Scheduler.Trace;

    public IReadOnlyList<Follower> Followers => _followers;

    /// <summary>How often commits failed for so long, in whatever process, that readers may have been told.</summary>
    public int OutageCount => _outages.Sum(outages => outages.Count);

    /// <summary>Of a new process.</summary>
    public Outages NewOutages(SimulatedClock clock)
    {
        var outages = new Outages(clock);
        _outages.Add(outages);
        return outages;
    }

    public Follower NewFollower(string name, PlannedMessage message)
    {
        var follower = new Follower(name, message, this);
        _followers.Add(follower);
        return follower;
    }
}
