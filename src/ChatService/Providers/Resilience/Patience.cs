namespace ChatGrpc.Providers.Resilience;

/// <summary>How long a silent model is waited for.</summary>
/// <param name="FirstToken">From the start of a try to its first text, reasoning or tool call.</param>
/// <param name="Stall">From one sign of life to the next, after that.</param>
/// <param name="Whole">
/// From the start of a try to the whole answer, where that was asked for: a model needs all of its time before it.
/// </param>
internal sealed record Patience(TimeSpan FirstToken, TimeSpan Stall, TimeSpan Whole);
