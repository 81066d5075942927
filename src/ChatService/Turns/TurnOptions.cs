using Chat.V1;
using ChatGrpc.Providers.Resilience;

namespace ChatGrpc.Turns;

/// <summary>Chat:Turns in the configuration.</summary>
internal sealed class TurnOptions
{
    /// <summary>How long a reader hears nothing before it gets a heartbeat. 10 ms to 1 h.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>From the start of a try at a model to its first text. 10 ms to 1 h.</summary>
    public TimeSpan FirstToken { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>From one sign of life of the model to the next, after its first text. 10 ms to 1 h.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The whole turn. 10 ms to 24 h.</summary>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a turn waits for the result of a tool that its client runs, restarts included. 10 ms to 30 days.
    /// </summary>
    public TimeSpan ClientResult { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How much of a stream is kept in memory, and how much may wait for the store. 4 KiB to 64 MiB.</summary>
    public int TailBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Bound of an answer and its reasoning together, in UTF-16 units. 1,000 to 1,000,000: so much is at most 3 MB as
    /// UTF-8 and fits, whole or as one delta, the 4 MiB that gRPC clients receive by default.
    /// </summary>
    public int MaxAnswerLength { get; set; } = 1_000_000;

    /// <summary>
    /// How long a turn's readers wait for the closing commit before they are told to come back. 10 ms to 1 h.
    /// </summary>
    public TimeSpan ClosingCommit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much memory turns and their readers may hold together, in bytes, before new ones are refused. 1 MiB to
    /// 1 TiB. Default: half of what the process may use.
    /// </summary>
    public long MaxMemory { get; set; } =
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, 1L << 20, 1L << 40);

    /// <summary>What must be saved before it is shown, where a request does not say it: MEMORY or STRICT.</summary>
    public Durability Durability { get; set; } = Durability.Memory;

    /// <summary>For how long after a turn's end its events are kept. 1 s to 365 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a service that stops lets its turns go on, before it ends them as interrupted. 0 to 1 h.
    /// </summary>
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a silent model is waited for.</summary>
    /// <remarks>One that is silent over its whole answer leaves half of the turn to another one.</remarks>
    public Patience ToPatience() => new(FirstToken, Stall, Total / 2 > FirstToken ? Total / 2 : FirstToken);

    /// <summary>The settings that are out of range, each in a sentence.</summary>
    public IEnumerable<string> Violations()
    {
        var shortest = TimeSpan.FromMilliseconds(10);
        (string Name, TimeSpan Value, TimeSpan Longest)[] times =
        [
            (nameof(Heartbeat), Heartbeat, TimeSpan.FromHours(1)),
            (nameof(FirstToken), FirstToken, TimeSpan.FromHours(1)),
            (nameof(Stall), Stall, TimeSpan.FromHours(1)),
            (nameof(Total), Total, TimeSpan.FromHours(24)),
            (nameof(ClientResult), ClientResult, TimeSpan.FromDays(30)),
            (nameof(ClosingCommit), ClosingCommit, TimeSpan.FromHours(1)),
        ];
        foreach (var (name, value, longest) in times)
        {
            if (value < shortest || value > longest)
            {
                yield return $"Chat:Turns:{name} is {value}; it must be between {shortest} and {longest}.";
            }
        }

        if (Retention < TimeSpan.FromSeconds(1) || Retention > TimeSpan.FromDays(365))
        {
            yield return $"Chat:Turns:Retention is {Retention}; it must be between 00:00:01 and 365.00:00:00.";
        }

        if (DrainGrace < TimeSpan.Zero || DrainGrace > TimeSpan.FromHours(1))
        {
            yield return $"Chat:Turns:DrainGrace is {DrainGrace}; it must be between 00:00:00 and 01:00:00.";
        }

        if (Durability is not (Durability.Memory or Durability.Strict))
        {
            yield return $"Chat:Turns:Durability is {Durability}; it must be Memory or Strict.";
        }

        if (TailBytes is < 4 * 1024 or > 64 * 1024 * 1024)
        {
            yield return $"Chat:Turns:TailBytes is {TailBytes}; it must be between 4096 and 67108864.";
        }

        if (MaxMemory is < 1L << 20 or > 1L << 40)
        {
            yield return $"Chat:Turns:MaxMemory is {MaxMemory}; it must be between 1048576 and 1099511627776.";
        }

        if (MaxAnswerLength is < 1_000 or > 1_000_000)
        {
            yield return $"Chat:Turns:MaxAnswerLength is {MaxAnswerLength}; it must be between 1000 and 1000000.";
        }
    }
}
