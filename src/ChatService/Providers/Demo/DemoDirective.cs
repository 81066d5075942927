namespace ChatGrpc.Providers.Demo;

/// <summary>What a message's first line may tell the demo model to do. docs/demo-model.md lists the keys.</summary>
internal sealed record DemoDirective
{
    /// <summary>Deltas a second of a natural answer: a brisk reader's pace, as hosted models have it.</summary>
    public const double NaturalRate = 40;

    /// <summary>What a message without a directive asks for.</summary>
    public static readonly DemoDirective None = new();

    /// <summary>Deltas of the answer; null: an answer to the rest of the message.</summary>
    public int? Tokens { get; init; }

    /// <summary>Deltas a second; null: the natural pace; infinite: no timer at all.</summary>
    public double? Rate { get; init; }

    /// <summary>Before the first delta.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Deltas of reasoning before the answer.</summary>
    public int Reasoning { get; init; }

    /// <summary>Emoji arrive in halves, one UTF-16 unit in each of two deltas.</summary>
    public bool SplitEmoji { get; init; }

    /// <summary>Tools to call before the answer, all of them at once.</summary>
    public IReadOnlyList<DemoCall> Calls { get; init; } = [];

    /// <summary>How many times it calls them, each time with the results before.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Asked for JSON, it answers with something else.</summary>
    public bool IsBadJson { get; init; }

    public DemoEnding Ending { get; init; }

    /// <summary>How it fails, if the ending is to fail.</summary>
    public DemoFault Fault { get; init; }

    /// <summary>Deltas, reasoning included, before an ending other than Finish.</summary>
    public int After { get; init; }

    /// <summary>What a rate limit asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <param name="Arguments">A JSON object.</param>
internal sealed record DemoCall(string Name, string Arguments);

internal enum DemoEnding
{
    /// <summary>As a model does that has said all.</summary>
    Finish,

    Fail,

    /// <summary>The stream ends without an end marker.</summary>
    Cut,

    /// <summary>Nothing more comes until the turn is cancelled.</summary>
    Hang,
}

internal enum DemoFault
{
    Network,
    Provider,
    Authentication,
    RateLimited,
    ModelUnavailable,
    ContentFiltered,
    ContextTooLong,
}
