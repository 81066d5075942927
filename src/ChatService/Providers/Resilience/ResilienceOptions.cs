namespace ChatGrpc.Providers.Resilience;

/// <summary>Chat:Resilience in the configuration: what is done when a provider fails.</summary>
internal sealed class ResilienceOptions
{
    /// <summary>How often a model is asked again that failed before it said anything. 0 to 10.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The wait before the first of these retries; each other waits twice as long. 1 ms to 1 min.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest wait before a retry. A provider that wants a longer one is not asked again. 1 ms to 5 min.
    /// </summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From so many calls in half a minute on, a model that failed half of them is not called for a while. 2 to
    /// 1,000,000. Ten are few enough for an outage to be seen soon, and too many for one conversation's bad luck.
    /// </summary>
    public int CircuitCalls { get; set; } = 10;

    /// <summary>For how long it is not called; then one call tries it. 500 ms to 1 h.</summary>
    public TimeSpan CircuitBreak { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What is said where a model and all its fallbacks have failed.</summary>
    public string Apology { get; set; } = "I am sorry, I cannot answer at the moment. Please try again in a while.";

    /// <summary>The settings that are out of range, each in a sentence.</summary>
    public IEnumerable<string> Violations()
    {
        (string Name, TimeSpan Value, TimeSpan Shortest, TimeSpan Longest)[] times =
        [
            (nameof(BaseDelay), BaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            (nameof(MaxDelay), MaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5)),
            (nameof(CircuitBreak), CircuitBreak, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)),
        ];
        foreach (var (name, value, shortest, longest) in times)
        {
            if (value < shortest || value > longest)
            {
                yield return $"Chat:Resilience:{name} is {value}; it must be between {shortest} and {longest}.";
            }
        }

        if (Retries is < 0 or > 10)
        {
            yield return $"Chat:Resilience:Retries is {Retries}; it must be between 0 and 10.";
        }

        if (CircuitCalls is < 2 or > 1_000_000)
        {
            yield return $"Chat:Resilience:CircuitCalls is {CircuitCalls}; it must be between 2 and 1000000.";
        }

        if (string.IsNullOrWhiteSpace(Apology))
        {
            yield return "Chat:Resilience:Apology is empty; it must say something.";
        }
    }
}
