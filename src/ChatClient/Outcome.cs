namespace ChatGrpc.Client;

/// <summary>How an exchange went.</summary>
/// <param name="SessionId">The conversation that it belongs to; empty: it did not come to one.</param>
internal readonly record struct Outcome(int ExitCode, string SessionId);
