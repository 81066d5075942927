using Chat.V1;

namespace Chaos.Tests.History;

/// <summary>What is done to one replica of several.</summary>
internal enum HarmKind
{
    /// <summary>kill -9.</summary>
    Kill,

    /// <summary>It stands still, and goes on later.</summary>
    Freeze,

    /// <summary>It does not reach its database.</summary>
    Cut,

    /// <summary>SIGTERM: it lets its turns go on for a while.</summary>
    Stop,
}

/// <summary>A time in which a replica was not itself, in microseconds since the run began.</summary>
/// <param name="Until">It, or the process in its place, serves again.</param>
/// <param name="Owned">The streams that were open and its own when it began, with their states.</param>
internal sealed record Harm(
    HarmKind Kind, string Replica, long From, long Until, IReadOnlyDictionary<string, int> Owned)
{
    /// <summary>Those of them that ran: they end soon. The others go on elsewhere.</summary>
    public IEnumerable<string> Ran =>
        Owned.Where(owned => owned.Value == (int)StreamState.Running).Select(owned => owned.Key);

    public bool Touches(long from, long until) => From <= until && Until >= from;
}
