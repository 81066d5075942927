using System.Globalization;

namespace Integration.Tests;

/// <summary>Chance that can be had again: each test prints its seed, and CHATGRPC_TEST_SEED gives it one.</summary>
internal static class Dice
{
    public static Random Roll()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("CHATGRPC_TEST_SEED"), CultureInfo.InvariantCulture, out var wanted)
            ? wanted
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"CHATGRPC_TEST_SEED={seed}");
        return new Random(seed);
    }
}
