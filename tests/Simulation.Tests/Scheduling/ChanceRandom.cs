namespace Simulation.Tests.Scheduling;

/// <summary>The seed's choices for code that asks for a random number.</summary>
internal sealed class ChanceRandom(Chance chance) : Random
{
    private const int Steps = 1_000;

    public override double NextDouble() => (double)chance.Below(Steps) / Steps;
}
