namespace Simulation.Tests.Model;

/// <summary>A model that messages ask for, and those that stand in for it.</summary>
/// <param name="Models">The providers' own names, in the order in which they are asked.</param>
/// <param name="CarryOn">Which of them go on with a text that another one began.</param>
internal sealed record ModelChain(string Alias, IReadOnlyList<string> Models, IReadOnlyList<bool> CarryOn)
{
    /// <summary>How often a model is asked again that failed before it said anything.</summary>
    public const int Retries = 1;

    public const string Apology = "I am sorry.";

    public static readonly ModelChain Alone = new("alone", ["alone-1"], [true]);

    public static IReadOnlyList<ModelChain> All { get; } =
    [
        Alone,
        new("chain", ["chain-1", "chain-2"], [true, true]),
        new("anew", ["anew-1", "anew-2", "anew-3"], [false, false, true]),
    ];
}
