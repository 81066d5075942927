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

    /// <summary>The failure's reason, if the provider told one.</summary>
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

    /// <param name="ending">How the turn ended with this try: its reason holds where the provider gave none.</param>
    public Attempt Describe(TurnEnding ending, Usage usage)
    {
        var attempt = new Attempt
        {
            Model = model.Alias,
            ResolvedModel = model.Model,
            Provider = model.Provider.Name,
            Outcome = ending.State,
            Reason = FailureReason.Length > 0 ? FailureReason : ending.Reason,
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
