using Chat.V1;

namespace ChatGrpc.Providers;

/// <summary>One try at a model, as it goes: what stream_end tells of it.</summary>
internal sealed class ModelAttempt(ModelEntry model, ModelRequest request, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private TimeSpan? _duration;

    public ModelEntry Model => model;

    public ModelRequest Request => request;

    /// <summary>What the provider reported; null: nothing.</summary>
    public Usage? Measured { get; private set; }

    /// <summary>How it ended; unspecified: it goes on, or was given up.</summary>
    public StreamState Outcome { get; private set; }

    /// <summary>The failure's reason; empty: none.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The clock's timestamp of the first text or tool call; 0: none came.</summary>
    public long FirstText { get; private set; }

    /// <summary>UTF-16 units of the answer, the arguments of tool calls included.</summary>
    public long AnswerLength { get; private set; }

    /// <summary>UTF-16 units of the reasoning.</summary>
    public long ReasoningLength { get; private set; }

    public void Observe(in ModelEvent said)
    {
        switch (said.Kind)
        {
            case ModelEventKind.Answer or ModelEventKind.ToolCall:
                SawText();
                AnswerLength += said.Text.Length;
                break;
            case ModelEventKind.Reasoning:
                SawText();
                ReasoningLength += said.Text.Length;
                break;
            case ModelEventKind.Usage:
                Measured = said.UsageDetail;
                break;
            case ModelEventKind.Finished:
                End(StreamState.Completed, "");
                break;
            case ModelEventKind.Failed:
                End(StreamState.Failed, said.FailureDetail.Reason);
                break;
        }
    }

    /// <param name="outcome">How the turn ended, if this try did not end by itself.</param>
    /// <param name="reason">Why, likewise.</param>
    public Attempt Describe(StreamState outcome, string reason, Usage? usage)
    {
        var ended = Outcome != StreamState.Unspecified;
        var attempt = new Attempt
        {
            Model = model.Alias,
            ResolvedModel = model.Model,
            Provider = model.Provider.Name,
            Outcome = ended ? Outcome : outcome,
            Reason = ended ? Reason : reason,
            DurationMs = (long)(_duration ?? time.GetElapsedTime(_started)).TotalMilliseconds,
            Usage = usage,
        };
        if (FirstText != 0)
        {
            attempt.FirstTokenMs = (long)time.GetElapsedTime(_started, FirstText).TotalMilliseconds;
        }

        return attempt;
    }

    private void SawText()
    {
        if (FirstText == 0)
        {
            FirstText = time.GetTimestamp();
        }
    }

    private void End(StreamState outcome, string reason)
    {
        (Outcome, Reason) = (outcome, reason);
        _duration = time.GetElapsedTime(_started);
    }
}
