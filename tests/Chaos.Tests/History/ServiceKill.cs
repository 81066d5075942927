namespace Chaos.Tests.History;

/// <summary>A kill -9 of the service, in microseconds since the run began.</summary>
/// <param name="Until">It was dead by then.</param>
internal sealed record ServiceKill(long From, long Until);
