namespace Chaos.Tests.Faults;

/// <summary>The faults of a long run, drawn by its seed: mostly kills of the database, some of all else.</summary>
internal static class Draw
{
    private static readonly (string Name, int Weight, Func<Trouble, TimeSpan, Task> Cause)[] All =
    [
        ("kill -9", 55, (trouble, time) => trouble.KillDatabaseAsync(time)),
        ("kill -9 of service and database", 7, (trouble, time) => trouble.KillBothAsync(time)),
        ("kill -9 of the service", 3, (trouble, _) => trouble.KillServiceAsync()),
        ("restart, fast", 6, (trouble, _) => trouble.RestartDatabaseAsync(immediate: false)),
        ("restart, immediate", 6, (trouble, _) => trouble.RestartDatabaseAsync(immediate: true)),
        ("pause", 6, (trouble, time) => trouble.PauseDatabaseAsync(time)),
        ("network cut", 6, (trouble, time) => trouble.CutNetworkAsync(time)),
        ("network black hole", 6, (trouble, time) => trouble.SwallowPacketsAsync(time)),
        ("disk full", 5, (trouble, time) => trouble.FillDiskAsync(time)),
    ];

    /// <param name="time">How long it lasts, if that is for somebody to say.</param>
    public static (string Name, Func<Trouble, Task> Cause) Next(Random dice, TimeSpan time)
    {
        var place = dice.Next(All.Sum(fault => fault.Weight));
        foreach (var (name, weight, cause) in All)
        {
            if (place < weight)
            {
                return (name, trouble => cause(trouble, time));
            }

            place -= weight;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
