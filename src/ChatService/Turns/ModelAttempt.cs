using Chat.V1;
using ChatGrpc.Providers;

namespace ChatGrpc.Turns;

/// <summary>One try at a model, as it goes.</summary>
internal sealed class ModelAttempt(ModelEntry model, ModelRequest request, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _firstText;

    public ModelRequest Request { get; } = request;

    /// <summary>What the provider reported; null: nothing.</summary>
    public Usage? Measured { get; set; }

    /// <summary>The failure's reason, if it failed.</summary>
    public string FailureReason { get; set; } = "";

    /// <summary>The clock's timestamp of the first text; 0: none came.</summary>
    public long FirstText => _firstText;

    public void SawText()
    {
        if (_firstText == 0)
        {
            _firstText = time.GetTimestamp();
        }
    }

    public Attempt Describe(StreamState outcome, Usage usage)
    {
        var attempt = new Attempt
        {
            Model = model.Alias,
            ResolvedModel = model.Model,
            Provider = model.Provider.Name,
            Outcome = outcome,
            Reason = FailureReason,
            DurationMs = (long)time.GetElapsedTime(_started).TotalMilliseconds,
            Usage = usage,
        };
        if (_firstText != 0)
        {
            attempt.FirstTokenMs = (long)time.GetElapsedTime(_started, _firstText).TotalMilliseconds;
        }

        return attempt;
    }
}
