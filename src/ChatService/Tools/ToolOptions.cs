namespace ChatGrpc.Tools;

/// <summary>Chat:Tools in the configuration.</summary>
internal sealed class ToolOptions
{
    // A model asks for few tools at a time, and each round is a whole answer of it that somebody waits for and pays.
    private const int MostRounds = 100;

    // Together with all that a turn holds it fits the 4 MiB that gRPC clients receive by default.
    private const int MostResultBytes = 1024 * 1024;

    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);

    /// <summary>What is offered where a request says nothing of tools: names, or beginnings that end in *.</summary>
    public List<string> Offered { get; set; } = [];

    /// <summary>How often in a turn the model may call tools. 1 to 100.</summary>
    public int MaxRounds { get; set; } = 8;

    /// <summary>How long one call may take. 10 ms to 1 h.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How much of a result the model can be given, in bytes of UTF-8. 256 to 1,048,576.</summary>
    public int MaxResultBytes { get; set; } = 64 * 1024;

    public HttpToolOptions Http { get; set; } = new();

    /// <summary>MCP servers by the names that their tools' begin with.</summary>
    public Dictionary<string, ToolServerOptions> Servers { get; set; } = [];

    /// <summary>The settings that are out of range, each in a sentence.</summary>
    public IEnumerable<string> Violations()
    {
        if (MaxRounds is < 1 or > MostRounds)
        {
            yield return $"Chat:Tools:MaxRounds is {MaxRounds}; it must be between 1 and {MostRounds}.";
        }

        foreach (var violation in LimitViolations("Chat:Tools", Deadline, MaxResultBytes)
            .Concat(Http.Violations())
            .Concat(Servers.SelectMany(server => server.Value.Violations(server.Key))))
        {
            yield return violation;
        }
    }

    /// <summary>Limits that are null are not set there.</summary>
    public static IEnumerable<string> LimitViolations(string section, TimeSpan? deadline, int? maxResultBytes)
    {
        if (deadline < ShortestDeadline || deadline > LongestDeadline)
        {
            yield return $"{section}:Deadline is {deadline}; it must be between {ShortestDeadline} and "
                + $"{LongestDeadline}.";
        }

        if (maxResultBytes is < 256 or > MostResultBytes)
        {
            yield return $"{section}:MaxResultBytes is {maxResultBytes}; it must be between 256 and {MostResultBytes}.";
        }
    }
}
