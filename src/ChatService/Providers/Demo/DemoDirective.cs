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

    public DemoEnding Ending { get; init; }

    /// <summary>How it fails, if the ending is to fail.</summary>
    public DemoFault Fault { get; init; }

    /// <summary>Deltas, reasoning included, before an ending other than Finish.</summary>
    public int After { get; init; }

    /// <summary>What a rate limit asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

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
