namespace Simulation.Tests.Scheduling;

/// <summary>
/// The seed's choices. SplitMix64, written out: a seed has to mean the same on every machine and runtime.
/// </summary>
internal sealed class Chance(long seed)
{
    // Mixed, or the choices of a seed would be those of the next one, moved by one.
    private ulong _state = Mix((ulong)seed + 0x632BE59BD9B4E019);

    /// <summary>Below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Percent(int percent) => Below(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    /// <summary>Choices of its own, so that asking it does not move these.</summary>
    public Chance Fork() => new((long)Next());

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    private static ulong Mix(ulong value)
    {
        var mixed = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
