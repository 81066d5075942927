namespace Simulation.Tests.World;

/// <summary>The process that a client talked to has died.</summary>
internal sealed class ConnectionLostException : Exception;
