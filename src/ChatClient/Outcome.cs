namespace ChatGrpc.Client;

/// <summary>How an exchange went.</summary>
/// <param name="SessionId">The conversation that it belongs to; empty: it did not come to one.</param>
/// <param name="InterruptedStream">The turn, if the service was lost in the middle of it; else empty.</param>
/// <param name="Answer">What there is of the answer.</param>
internal readonly record struct Outcome(int ExitCode, string SessionId, string InterruptedStream, string Answer);
