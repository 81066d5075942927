namespace Chaos.Tests.Runs;

/// <summary>How a run is to be.</summary>
/// <param name="Seed">Decides what clients do and what they ask; not when, which the machine decides.</param>
/// <param name="Folder">For the logs of the clients.</param>
internal sealed record RunPlan(int Seed, string Folder)
{
    public int Senders { get; init; } = 180;

    public int Watchers { get; init; } = 20;

    /// <summary>Of postgresql.conf, name=value, beside those that every run has.</summary>
    public IReadOnlyList<string> DatabaseSettings { get; init; } = [];

    /// <summary>Of each process of the service, name=value, beside those that every run has.</summary>
    public IReadOnlyList<string> ServiceSettings { get; init; } = [];

    /// <summary>Of a hundred sends, so many ask for strict durability.</summary>
    public int Strict { get; init; }

    /// <summary>
    /// Of a hundred senders who wait for their answer, so many end the turn by leaving: on_disconnect is CANCEL. No
    /// fault may take a connection away, or their turns end.
    /// </summary>
    public int Attached { get; init; }

    /// <summary>Whether a third of the senders shares sessions, two by two: one waits for the other.</summary>
    public bool Pairs { get; init; }

    /// <summary>
    /// So many connections are shared by all, and each call goes by the next one; 0: each client has its own, with some
    /// others.
    /// </summary>
    public int SharedConnections { get; init; }

    /// <summary>By so much answers are shorter.</summary>
    public int Haste { get; init; } = 1;

    /// <summary>Over which the clients come, so that they do not all do the same at the same time.</summary>
    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(5);
}
