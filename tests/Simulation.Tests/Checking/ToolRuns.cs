using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Checking;

/// <summary>One run of a tool of the service.</summary>
/// <param name="Call">The call's name, which begins with its turn's key.</param>
internal sealed record ToolRunning(string Call, Place Place, Func<bool> IsLost, CancellationToken Token)
{
    public bool HasEnded { get; set; }

    public bool IsOf(string key) => Call.StartsWith(key + '/', StringComparison.Ordinal);

    /// <summary>It goes on and was not told to stop, in a process that is there.</summary>
    public bool IsLeftAlone => !HasEnded && !Token.IsCancellationRequested && !IsLost();
}

/// <summary>What the tools of the service were told to do: each call once, none for a turn that has ended.</summary>
internal sealed class ToolRuns(Ledger ledger)
{
    private readonly List<ToolRunning> _all = [];

    public IReadOnlyList<ToolRunning> All => _all;

    public ToolRunning Begin(string call, string tool, Place place, Func<bool> isLost, CancellationToken token)
    {
        ledger.Trace.Say($"tool: {tool} runs for {call}");
        if (_all.Exists(run => run.Call == call))
        {
            ledger.Violate($"the tool of {call} is run again");
        }

        var begun = new ToolRunning(call, place, isLost, token);
        _all.Add(begun);
        return begun;
    }

    /// <summary>The turn has ended, and this place ended it: another one may not know yet.</summary>
    public void Ended(string key, Place place)
    {
        if (_all.Find(run => run.IsOf(key) && run.Place == place && run.IsLeftAlone) is { } left)
        {
            ledger.Violate($"the turn has ended, and the tool of {left.Call} runs on");
        }
    }
}
